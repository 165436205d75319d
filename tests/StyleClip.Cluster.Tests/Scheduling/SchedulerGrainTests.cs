using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Tests.Scheduling;

/// <summary>Grants of schedulers that follow each other.</summary>
public sealed class SchedulerGrainTests : IDisposable
{
    private readonly string _store = Directory.CreateTempSubdirectory("styleclip-cluster-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_begins_nothing_that_a_scheduler_granted_before_the_one_that_asked_it_last()
    {
        await using TestCluster cluster = await TestCluster.Start(_store, (_, _, stopped) => stopped, devices: 1);
        INodeGrain node = cluster.Grains.GetGrain<INodeGrain>(ScriptedDevices.Node);
        var request = new SegmentRequest
        {
            Job = new JobKey("sweep-1", "job-1"),
            Lease = Samples.Lease with { Incarnation = cluster.Devices.Description.Incarnation, Scheduler = 7 },
            Spec = Samples.Job(),
        };

        await node.Announcement(8, Ct);
        await node.Announcement(5, Ct); // late
        Assert.False(await node.Start(request, Ct));
        Assert.True(await node.Start(request with { Lease = request.Lease with { Scheduler = 8 } }, Ct));
    }

    [Fact]
    public async Task Every_scheduler_grants_under_a_generation_of_its_own()
    {
        List<long> generations = [];
        foreach (string prompt in (string[])["a", "b"])
        {
            SweepPlan plan = Samples.Plan(prompt);
            await using TestCluster cluster = await TestCluster.Start(
                _store, (segment, job, _) => job.ReportTrained(segment.Lease.Id, Samples.Result(), CancellationToken.None));
            await cluster.Submit(plan);
            Assert.Equal(JobPhase.Succeeded, (await cluster.Await(plan)).Jobs.Single().Phase);
            generations.Add(cluster.Devices.Started.Single().Lease.Scheduler);
        }

        Assert.InRange(generations[0], 1, generations[1] - 1);
    }

    public void Dispose() => Directory.Delete(_store, recursive: true);
}
