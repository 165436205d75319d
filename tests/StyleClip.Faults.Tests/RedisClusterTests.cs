using System.Diagnostics;
using System.Globalization;
using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;
using StyleClip.TestServers;

namespace StyleClip.Faults.Tests;

/// <summary>Node processes that find each other through a Redis: the mapper is that of the nodes that do so through their store.</summary>
public sealed class RedisClusterTests(UndisturbedMapper undisturbed)
{
    private const int Width = 2, StrikeAt = 50, NodeFailed = 1;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_whose_leader_is_killed_goes_on_with_the_other_node()
    {
        await using RedisServer redis = await RedisServer.Start(Ct);
        await using RedisMembership membership = await RedisMembership.Open(redis);
        await using FaultCluster cluster = await FaultCluster.Create(redis: redis);
        (WatchedJob job, JobStatus before) = await AmidWork(cluster);
        Assert.Equal([("n1", SiloStatus.Active), ("n2", SiloStatus.Active)], await membership.Rows());

        string leader = (await job.Stored())!.Lease!.Node;
        long struck = Stopwatch.GetTimestamp();
        await cluster.Node(leader).Kill();
        await Waiting.Until(
            $"{leader} is held for dead", Limit, async () => (await membership.Rows()).Contains((leader, SiloStatus.Dead)) ? "dead" : null, cluster.Explain);
        await job.Until("the follower leads", status => status.Epoch > before.Epoch && status is { Width: 1, LastStep: not null });
        Tell("leader killed", Stopwatch.GetElapsedTime(struck));

        await RequireUndisturbed(cluster, job);
    }

    [Fact]
    public async Task A_job_whose_nodes_are_all_killed_goes_on_when_they_start_again()
    {
        await using RedisServer redis = await RedisServer.Start(Ct);
        await using RedisMembership membership = await RedisMembership.Open(redis);
        await using FaultCluster cluster = await FaultCluster.Create(redis: redis);
        (WatchedJob job, JobStatus before) = await AmidWork(cluster);

        long struck = Stopwatch.GetTimestamp();
        await Task.WhenAll(cluster.Nodes.Select(node => node.Kill()));
        Assert.Equal([("n1", SiloStatus.Active), ("n2", SiloStatus.Active)], await membership.Rows()); // nobody is left to declare them dead
        await cluster.StartNodes("n1", "n2");
        await job.Until("training goes on in a new epoch", status => status.Epoch > before.Epoch && status.LastStep is not null);
        Tell("all killed", Stopwatch.GetElapsedTime(struck));

        await RequireUndisturbed(cluster, job);
    }

    [Fact]
    public async Task A_node_whose_Redis_is_gone_still_ends_when_it_is_told_to()
    {
        RedisServer redis = await RedisServer.Start(Ct);
        await using FaultCluster cluster = await FaultCluster.Create(redis: redis);
        NodeProcess node = await cluster.StartNode("n1", drainSeconds: 2);

        await redis.DisposeAsync();
        node.Send(Signals.Terminate);

        Assert.True(await node.Exit(Limit) == NodeFailed, node.Tail);
        Assert.Contains("did not finish draining within 2 s", node.Tail, StringComparison.Ordinal);
    }

    // There is a checkpoint, and most of the work is still to be done.
    private static async Task<(WatchedJob Job, JobStatus Status)> AmidWork(FaultCluster cluster)
    {
        await cluster.StartNodes("n1", "n2");
        WatchedJob job = await cluster.Submit(Width);
        return (job, await job.Until("two devices train", status => status.Width == Width && status.LastStep?.Step >= StrikeAt));
    }

    private static void Tell(string what, TimeSpan continuation) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Redis: {what}, trains again after {continuation.TotalSeconds:0.0} s"));

    private async Task RequireUndisturbed(FaultCluster cluster, WatchedJob job)
    {
        JobState end = await job.End();
        Assert.True(end.Phase == JobPhase.Succeeded, $"{end.Phase}: {end.Reason}\n{cluster.Explain()}");
        Assert.Equal(undisturbed.Sha256, end.Result!.Mapper.Digest.Hex);
        await StoredWork.RequireWhole(cluster, end);
        await cluster.Stop();
        Assert.Empty(await cluster.Store.ListDocuments("membership/", Ct).ToListAsync(Ct));
    }
}
