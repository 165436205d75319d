using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

[assembly: AssemblyFixture(typeof(StyleClip.Node.Tests.UndisturbedRun))]

namespace StyleClip.Node.Tests;

/// <summary>The sweep of <see cref="TrainingCluster.Plan"/> trained once with nothing in its way: what every other run must arrive at.</summary>
public sealed class UndisturbedRun : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-undisturbed-").FullName;
    private readonly Lazy<Task<Digest>> _mapper;

    public UndisturbedRun() => _mapper = new Lazy<Task<Digest>>(Train);

    public Task<Digest> Mapper => _mapper.Value;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<Digest> Train()
    {
        using var store = new DirectoryArtifactStore(Path.Combine(_folder, "store"));
        SweepPlan plan = await TrainingCluster.Plan(store);
        await using TrainingCluster cluster = await TrainingCluster.Start(store, Path.Combine(_folder, "cache"));
        await cluster.Submit(plan);
        return await cluster.Mapper(plan);
    }
}
