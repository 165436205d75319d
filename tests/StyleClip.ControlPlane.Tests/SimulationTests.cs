using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Nodes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Catalogue;

namespace StyleClip.ControlPlane.Tests;

/// <summary>The real grains on several silos, with devices that compute nothing.</summary>
public sealed class SimulationTests : IDisposable
{
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public SimulationTests() => _limit.CancelAfter(TimeSpan.FromMinutes(3));

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task Hundreds_of_jobs_end_exactly_once_each_while_devices_fail_and_processes_die()
    {
        var options = new ControlPlaneOptions
        {
            Jobs = 500,
            Sweeps = 2,
            Nodes = 21,
            Silos = 3,
            MaxDevices = 8,
            FailureRate = 0.05,
            ReportInterval = TimeSpan.FromMilliseconds(5),
        };
        using var store = new MemoryArtifactStore();
        await using var cluster = new SimulatedCluster(options, store);
        await cluster.Start(_limit.Token);
        SweepPlan[] plans = [cluster.Work.Plan(0, options), cluster.Work.Plan(1, options)];
        foreach (SweepPlan plan in plans) await cluster.Sweep(plan.Id).Submit(plan, _limit.Token);

        await Reaches(cluster, plans, ended: 100);
        await cluster.Kill(cluster.Silos[^1]);
        await cluster.AddSilo(7, _limit.Token);
        await Reaches(cluster, plans, ended: 250);
        await cluster.Kill(cluster.Silos[1]);
        foreach (SweepPlan plan in plans) await Simulation.Follow(cluster, plan, _limit.Token);

        foreach (SweepPlan plan in plans)
        {
            SweepStatus status = await cluster.Sweep(plan.Id).Status(_limit.Token);
            Assert.Equal(250, status.Jobs.Count);
            Assert.All(status.Jobs, job => Assert.Equal((JobPhase.Succeeded, 0), (job.Phase, job.Width)));
            Assert.InRange(cluster.Log.MostInUse(plan.Id.Value), 1, 8);
        }

        // A mapper that was published twice would have two versions.
        CatalogueEntry[] published = await new Catalogue(store).List(_limit.Token).ToArrayAsync(_limit.Token);
        Assert.Equal(500, published.Length);
        Assert.All(published, entry => Assert.Single(entry.Versions));
        // No epoch of a job begins on two devices.
        Assert.Equal(cluster.Log.Begun.Count, cluster.Log.Begun.Distinct().Count());
        Assert.InRange(cluster.Log.Begun.Count, 501, 700); // failures and deaths cost segments, not jobs
    }

    [Fact]
    public async Task A_sweep_with_few_jobs_spreads_over_idle_devices_and_gives_them_back()
    {
        var options = new ControlPlaneOptions { Jobs = 2, Nodes = 6, Silos = 1, MicroShards = 4, Reports = 400, Checkpoints = 0, ReportInterval = TimeSpan.FromMilliseconds(25) };
        using var store = new MemoryArtifactStore();
        await using var cluster = new SimulatedCluster(options, store);
        await cluster.Start(_limit.Token);
        SweepPlan few = cluster.Work.Plan(0, options);
        SweepPlan more = cluster.Work.Plan(1, options with { Jobs = 3, MicroShards = 1 });
        await cluster.Sweep(few.Id).Submit(few, _limit.Token);
        await Becomes(cluster, few, jobs => jobs.Sum(job => job.Width) == 6);

        await cluster.Sweep(more.Id).Submit(more, _limit.Token);
        await Becomes(cluster, more, jobs => jobs.Count == 3 && jobs.All(job => job.Phase == JobPhase.Running));

        await Becomes(cluster, few, jobs => jobs.Sum(job => job.Width) == 3); // it hears of its jobs a moment later
    }

    [Fact]
    public async Task A_drained_node_becomes_empty_and_its_jobs_go_on_elsewhere_and_a_new_scheduler_still_knows()
    {
        var options = new ControlPlaneOptions { Jobs = 4, Nodes = 4, Silos = 2, Reports = 60, Checkpoints = 0, ReportInterval = TimeSpan.FromMilliseconds(50) };
        using var store = new MemoryArtifactStore();
        SweepPlan plan;
        await using (var cluster = new SimulatedCluster(options, store))
        {
            await cluster.Start(_limit.Token);
            plan = cluster.Work.Plan(0, options);
            await cluster.Sweep(plan.Id).Submit(plan, _limit.Token);
            await Becomes(cluster, plan, jobs => jobs.Count(job => job.Phase == JobPhase.Running) == 4);

            Assert.True(await cluster.Scheduler.Drain("silo-1-node-0", _limit.Token));
            Assert.False(await cluster.Scheduler.Drain("nobody", _limit.Token));
            while (await StateOf(cluster, "silo-1-node-0") != NodeState.Drained) await Task.Delay(20, _limit.Token);
            await Simulation.Follow(cluster, plan, _limit.Token);
            Assert.All((await cluster.Sweep(plan.Id).Status(_limit.Token)).Jobs, job => Assert.Equal((JobPhase.Succeeded, 0), (job.Phase, job.Restarts)));
        }

        await using var restarted = new SimulatedCluster(options, store);
        await restarted.Start(_limit.Token);
        while ((await restarted.Scheduler.Nodes(_limit.Token)).Count(node => node.HeardAt is not null) < 4) await Task.Delay(20, _limit.Token);
        Assert.Equal(NodeState.Drained, await StateOf(restarted, "silo-1-node-0"));
        Assert.True(await restarted.Scheduler.Cordon("silo-1-node-0", false, _limit.Token));
        Assert.Equal(NodeState.Ready, await StateOf(restarted, "silo-1-node-0"));
    }

    private async Task Reaches(SimulatedCluster cluster, SweepPlan[] plans, int ended)
    {
        while (true)
        {
            SweepSummary[] summaries = await Task.WhenAll(plans.Select(plan => cluster.Sweep(plan.Id).Summary(_limit.Token)));
            if (summaries.Sum(summary => summary.Jobs.GetValueOrDefault(JobPhase.Succeeded)) >= ended) return;
            await Task.Delay(20, _limit.Token);
        }
    }

    private async Task Becomes(SimulatedCluster cluster, SweepPlan plan, Func<IReadOnlyList<JobStatus>, bool> condition)
    {
        while (!condition((await cluster.Sweep(plan.Id).Status(_limit.Token)).Jobs)) await Task.Delay(20, _limit.Token);
    }

    private async Task<NodeState?> StateOf(SimulatedCluster cluster, string node) =>
        (await cluster.Scheduler.Nodes(_limit.Token)).FirstOrDefault(status => status.Name == node)?.State;
}
