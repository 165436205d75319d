using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;

[assembly: AssemblyFixture(typeof(StyleClip.Faults.Tests.UndisturbedMapper))]

namespace StyleClip.Faults.Tests;

/// <summary>The mapper that one node trains when nothing happens: what that job must give whatever does.</summary>
public sealed class UndisturbedMapper : IAsyncLifetime
{
    public string Sha256 { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await using FaultCluster cluster = await FaultCluster.Create();
        await cluster.StartNodes("n1");
        JobState end = await (await cluster.Submit(width: 1)).End();
        Assert.True(end.Phase == JobPhase.Succeeded, $"{end.Phase}: {end.Reason}\n{cluster.Explain()}");
        Sha256 = end.Result!.Mapper.Digest.Hex;
        await cluster.Stop();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
