using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cluster.Tests.Sweeps;

public sealed class SweepGrainTests : IDisposable
{
    private readonly string _store = Directory.CreateTempSubdirectory("styleclip-cluster-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_prompt_is_trained_and_devices_are_never_shared()
    {
        SweepPlan plan = Samples.Plan("a", "b", "c", "d", "e");
        await using TestCluster cluster = await TestCluster.Start(_store, Finish, devices: 2);

        await cluster.Submit(plan);
        SweepStatus status = await cluster.Await(plan);

        Assert.Equal(SweepPhase.Ended, status.Phase);
        Assert.Equal(["a", "b", "c", "d", "e"], status.Jobs.Select(job => job.Prompt));
        Assert.All(status.Jobs, job => Assert.Equal(JobPhase.Succeeded, job.Phase));
        Assert.InRange(cluster.Devices.MostAtOnce, 1, 2);
    }

    [Fact]
    public async Task Submitting_an_ended_sweep_again_starts_nothing()
    {
        SweepPlan plan = Samples.Plan("a", "b");
        await using TestCluster cluster = await TestCluster.Start(_store, Finish);
        await cluster.Submit(plan);
        await cluster.Await(plan);
        int started = cluster.Devices.Started.Count;

        SweepStatus again = await cluster.Submit(plan);

        Assert.Equal(SweepPhase.Ended, again.Phase);
        Assert.Equal(started, cluster.Devices.Started.Count);
    }

    [Fact]
    public async Task A_paused_sweep_goes_on_from_its_checkpoints()
    {
        SweepPlan plan = Samples.Plan("a", "b", "c");
        bool finishes = false;
        await using TestCluster cluster = await TestCluster.Start(
            _store, (segment, job, stopped) => Volatile.Read(ref finishes) ? Finish(segment, job, stopped) : CheckpointWhenStopped(segment, job, stopped), devices: 2);
        await cluster.Submit(plan);
        await WaitFor(() => cluster.Devices.Started.Count == 2);

        await cluster.Sweep(plan).Pause(Ct);
        SweepStatus paused = await cluster.Await(plan);
        Assert.Equal(SweepPhase.Paused, paused.Phase);
        Assert.All(paused.Jobs, job => Assert.Equal(JobPhase.Paused, job.Phase));

        Volatile.Write(ref finishes, true);
        await cluster.Submit(plan);
        SweepStatus ended = await cluster.Await(plan);
        Assert.All(ended.Jobs, job => Assert.Equal(JobPhase.Succeeded, job.Phase));
        Assert.Equal(2, cluster.Devices.Started.Count(segment => segment.Checkpoint is not null));
    }

    [Fact]
    public async Task After_a_total_restart_the_sweep_goes_on_from_its_checkpoints()
    {
        SweepPlan plan = Samples.Plan("a");
        await using (TestCluster cluster = await TestCluster.Start(_store, CheckpointThenHang, devices: 1))
        {
            await cluster.Submit(plan);
            await WaitFor(async () => (await cluster.Sweep(plan).Status(Ct)).Jobs.Single().CheckpointStep == 50);
        }

        await using TestCluster restarted = await TestCluster.Start(_store, Finish, devices: 1);
        await restarted.Submit(plan);
        SweepStatus ended = await restarted.Await(plan);

        Assert.Equal(JobPhase.Succeeded, ended.Jobs.Single().Phase);
        SegmentRequest segment = Assert.Single(restarted.Devices.Started);
        Assert.Equal((Samples.Artifact, 2L), (segment.Checkpoint, segment.View!.Epoch));
    }

    [Fact]
    public async Task A_revived_sweep_goes_on_without_being_submitted_again_and_its_paused_job_stays_paused()
    {
        SweepPlan plan = Samples.Plan("a", "b", "c");
        JobKey paused;
        await using (TestCluster cluster = await TestCluster.Start(_store, CheckpointThenHang, devices: 2))
        {
            await cluster.Submit(plan);
            await WaitFor(async () => (await cluster.Sweep(plan).Status(Ct)).Jobs.Count(job => job.CheckpointStep == 50) == 2);
            JobStatus waiting = (await cluster.Sweep(plan).Status(Ct)).Jobs.Single(job => job.Phase == JobPhase.Pending);
            paused = JobKey.Of(plan.Id, waiting.Id);
            await cluster.Job(paused).Pause(Ct);
        }

        await using TestCluster restarted = await TestCluster.Start(_store, Finish, devices: 2);
        await restarted.Sweep(plan).Revive(Ct);
        await WaitFor(async () => (await restarted.Sweep(plan).Status(Ct)).Jobs.Count(job => job.Phase == JobPhase.Succeeded) == 2);

        Assert.Equal(JobPhase.Paused, (await restarted.Job(paused).Status(Ct)).Phase);
        Assert.All(restarted.Devices.Started, segment => Assert.Equal(Samples.Artifact, segment.Checkpoint));
    }

    [Fact]
    public async Task A_sweep_whose_last_jobs_were_paused_one_by_one_stands_still_and_is_resumed_as_a_whole()
    {
        SweepPlan plan = Samples.Plan("a", "b");
        bool finishes = false;
        await using TestCluster cluster = await TestCluster.Start(
            _store, (segment, job, stopped) => Volatile.Read(ref finishes) ? Finish(segment, job, stopped) : CheckpointWhenStopped(segment, job, stopped), devices: 2);
        await cluster.Submit(plan);
        await WaitFor(() => cluster.Devices.Started.Count == 2);

        foreach (JobSpec job in plan.Jobs) await cluster.Job(JobKey.Of(plan.Id, JobId.Of(job))).Pause(Ct);
        Assert.Equal(SweepPhase.Paused, (await cluster.Await(plan)).Phase);

        Volatile.Write(ref finishes, true);
        await cluster.Sweep(plan).Resume(Ct);
        Assert.All((await cluster.Await(plan)).Jobs, job => Assert.Equal(JobPhase.Succeeded, job.Phase));
    }

    [Fact]
    public async Task The_summary_of_an_ended_sweep_outlives_its_process_and_asks_no_job()
    {
        SweepPlan plan = Samples.Plan("a", "b") with { Priority = 7 };
        await using (TestCluster cluster = await TestCluster.Start(_store, Finish))
        {
            await cluster.Submit(plan);
            await cluster.Await(plan);
            string document = Path.Combine(_store, "documents", "grains", "sweep", $"{plan.Id}.json@");
            await WaitFor(() => File.ReadAllText(document).Contains("\"ended\"", StringComparison.Ordinal));
        }

        Directory.Delete(Path.Combine(_store, "documents", "grains", "job"), recursive: true);
        await using TestCluster restarted = await TestCluster.Start(_store, Finish);
        SweepSummary summary = await restarted.Sweep(plan).Summary(Ct);

        Assert.Equal((SweepPhase.Ended, 7), (summary.Phase, summary.Priority));
        Assert.Equal([new(JobPhase.Succeeded, 2)], summary.Jobs);
    }

    [Fact]
    public async Task A_sweep_in_the_form_of_an_earlier_version_goes_on()
    {
        SweepPlan plan = Samples.Plan("a");
        using (var store = new DirectoryArtifactStore(_store))
            await store.WriteDocument($"grains/sweep/{plan.Id}.json", ContractJson.ToBytes(new { plan, paused = false, cancelled = false }), null, Ct);
        await using TestCluster cluster = await TestCluster.Start(_store, Finish);

        await cluster.Sweep(plan).Revive(Ct);

        Assert.Equal(JobPhase.Succeeded, Assert.Single((await cluster.Await(plan)).Jobs).Phase);
    }

    [Fact]
    public async Task Submitting_again_with_a_larger_share_takes_it_over()
    {
        SweepPlan plan = Samples.Plan("a", "b") with { MaxDevices = 1 };
        await using TestCluster cluster = await TestCluster.Start(_store, CheckpointWhenStopped, devices: 2);
        await cluster.Submit(plan);
        await WaitFor(() => cluster.Devices.Started.Count == 1);

        await cluster.Submit(plan with { MaxDevices = 2 });

        await WaitFor(() => cluster.Devices.Started.Count == 2);
    }

    [Fact]
    public async Task A_failing_device_costs_a_restart_and_diverging_numbers_the_job()
    {
        SweepPlan plan = Samples.Plan("breaks once", "diverges");
        await using TestCluster cluster = await TestCluster.Start(_store, async (segment, job, stopped) =>
        {
            if (segment.Spec.Prompt == "diverges") await job.ReportFailed(segment.Lease.Id, FailureKind.Diverged, "loss is NaN", Ct);
            else if (segment.View!.Epoch == 1) await job.ReportFailed(segment.Lease.Id, FailureKind.Device, "out of memory", Ct);
            else await Finish(segment, job, stopped);
        });

        await cluster.Submit(plan);
        SweepStatus status = await cluster.Await(plan);

        Assert.Equal((JobPhase.Succeeded, 1), (status.Jobs[0].Phase, status.Jobs[0].Restarts));
        Assert.Equal((JobPhase.Failed, "loss is NaN"), (status.Jobs[1].Phase, status.Jobs[1].Reason));
    }

    [Fact]
    public async Task A_cancelled_sweep_ends_and_its_workers_are_sent_away()
    {
        SweepPlan plan = Samples.Plan("a", "b", "c");
        var orders = new System.Collections.Concurrent.ConcurrentBag<WorkerOrder>();
        await using TestCluster cluster = await TestCluster.Start(_store, async (_, _, stopped) => orders.Add(await stopped), devices: 2);
        await cluster.Submit(plan);
        await WaitFor(() => cluster.Devices.Started.Count == 2);

        await cluster.Sweep(plan).Cancel(Ct);
        SweepStatus status = await cluster.Await(plan);

        Assert.All(status.Jobs, job => Assert.Equal(JobPhase.Cancelled, job.Phase));
        await WaitFor(() => orders.Count == 2);
        Assert.All(orders, order => Assert.Equal(WorkerOrder.Abandon, order));
    }

    [Fact]
    public async Task A_worker_that_lost_its_job_is_told_to_abandon_it()
    {
        SweepPlan plan = Samples.Plan("a");
        WorkerAnswer? answer = null;
        await using TestCluster cluster = await TestCluster.Start(_store, async (segment, job, stopped) =>
        {
            answer = await job.ReportProgress(new WorkerProgress { Lease = Guid.NewGuid() }, Ct);
            Assert.False(await job.ReportCheckpoint(Guid.NewGuid(), Samples.Artifact, Samples.Checkpoint(50), 1, Ct));
            await Finish(segment, job, stopped);
        });

        await cluster.Submit(plan);
        await cluster.Await(plan);

        Assert.Equal(WorkerAnswer.Abandon, answer);
    }

    [Fact]
    public async Task A_watcher_that_comes_back_with_its_cursor_misses_nothing()
    {
        SweepPlan plan = Samples.Plan("a", "b");
        await using TestCluster cluster = await TestCluster.Start(_store, Finish);
        await cluster.Submit(plan);

        long cursor = 0;
        var last = new Dictionary<JobId, JobPhase>();
        for (bool ended = false; !ended;)
        {
            await foreach (SweepUpdate update in cluster.Sweep(plan).Watch(cursor, Ct))
            {
                Assert.True(update.Sequence >= cursor);
                cursor = update.Sequence;
                foreach (JobStatus job in update.Jobs) last[job.Id] = job.Phase;
                ended = update.Phase == SweepPhase.Ended;
                break; // hang up after every update
            }
        }

        Assert.Equal([JobPhase.Succeeded, JobPhase.Succeeded], last.Values);
    }

    public void Dispose() => Directory.Delete(_store, recursive: true);

    private static async Task Finish(SegmentRequest segment, IJobGrain job, Task<WorkerOrder> stopped) =>
        await job.ReportTrained(segment.Lease.Id, Samples.Result(), CancellationToken.None);

    private static async Task CheckpointWhenStopped(SegmentRequest segment, IJobGrain job, Task<WorkerOrder> stopped)
    {
        await stopped;
        await job.ReportCheckpoint(segment.Lease.Id, Samples.Artifact, Samples.Checkpoint(50, segment.View!.Epoch), 1, CancellationToken.None);
        await job.ReportStopped(segment.Lease.Id, CancellationToken.None);
    }

    private static async Task CheckpointThenHang(SegmentRequest segment, IJobGrain job, Task<WorkerOrder> stopped)
    {
        await job.ReportCheckpoint(segment.Lease.Id, Samples.Artifact, Samples.Checkpoint(50, segment.View!.Epoch), 1, CancellationToken.None);
        await stopped;
    }

    private static Task WaitFor(Func<bool> condition) => WaitFor(() => Task.FromResult(condition()));

    private static async Task WaitFor(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition()) await Task.Delay(20, limit.Token);
    }
}
