using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;
using StyleClip.TestServers;

namespace StyleClip.Node.Tests.Segments;

/// <summary>Training over a blob service, and over one that cannot be reached for a minute.</summary>
public sealed class BlobOutageTests(UndisturbedRun undisturbed) : IDisposable
{
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(1);

    private readonly string _cache = Directory.CreateTempSubdirectory("styleclip-blob-outage-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_minute_without_the_blob_service_changes_nothing_but_the_time()
    {
        await using AzuriteServer azurite = await AzuriteServer.Start(Ct);
        await using FaultProxy proxy = await FaultProxy.Start(azurite.Port);
        using var store = AzureBlobArtifactStore.FromConnectionString(AzuriteServer.ConnectionStringAt(proxy.Port), "outage");
        SweepPlan plan = await TrainingCluster.Plan(store);
        await using TrainingCluster cluster = await TrainingCluster.Start(store, _cache);
        await cluster.Submit(plan);

        await cluster.Await(plan, "stored a checkpoint", job => job.CheckpointStep > 0);
        await proxy.GoAway();
        await Task.Delay(Outage, Ct); // its length is what is tested; nothing is waited for
        await proxy.ComeBack();

        Assert.Equal(await undisturbed.Mapper, await cluster.Mapper(plan));
    }

    public void Dispose() => Directory.Delete(_cache, recursive: true);
}
