using Microsoft.Extensions.Logging;
using StyleClip.Cluster.GrainState;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Scheduling;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Jobs;

internal sealed partial class JobGrain(
    [PersistentState("job", ArtifactGrainStorage.Name)] IPersistentState<JobState> state,
    IMapperPublisher publisher,
    JobInstruments instruments,
    TimeProvider time,
    ILogger<JobGrain> logger) : Grain, IJobGrain
{
    /// <summary>Time after which a worker that says nothing counts as lost; workers speak every second.</summary>
    private static readonly TimeSpan WorkerExpiry = TimeSpan.FromSeconds(30);

    /// <summary>How often a job looks after itself: a silent worker, a forgotten ticket, an unfinished publication.</summary>
    private static readonly TimeSpan UpkeepPeriod = TimeSpan.FromSeconds(5);

    private JobKey _key;
    private SweepShare _share = new();
    private WorkerProgress? _progress;
    private DateTimeOffset _heardAt;
    private IGrainTimer? _upkeep;
    private bool _publishing;
    private bool _sweepIsBehind;

    private JobState Job => state.State;

    private JobSpec Spec => Job.Spec ?? throw new InvalidOperationException($"Job {_key} has not been submitted.");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = JobKey.Parse(this.GetPrimaryKeyString());
        _heardAt = time.GetUtcNow();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        instruments.Forget(_key);
        return Task.CompletedTask;
    }

    public async Task<JobStatus> Submit(JobSpec spec, SweepShare share, bool paused, CancellationToken cancellationToken)
    {
        if (JobId.Of(spec).Value != _key.Job) throw new ArgumentException($"The spec's id is {JobId.Of(spec)}; this job is {_key}.", nameof(spec));
        _share = share;
        await Transition(new JobEvent.Submitted(spec));
        await RecoverWorker(cancellationToken);
        await Transition(paused ? new JobEvent.PauseAsked() : new JobEvent.ResumeAsked());
        await Proceed(cancellationToken);
        return Snapshot();
    }

    public async Task<JobStatus> Revive(JobSpec spec, SweepShare share, bool paused, CancellationToken cancellationToken)
    {
        if (Job.Spec is null && !Job.Phase.HasEnded()) return await Submit(spec, share, paused, cancellationToken);
        _share = share;
        await RecoverWorker(cancellationToken);
        await Proceed(cancellationToken);
        return Snapshot();
    }

    public Task<JobStatus> Status(CancellationToken cancellationToken) => Task.FromResult(Snapshot());

    public async Task<JobStatus> Pause(CancellationToken cancellationToken)
    {
        if (await Transition(new JobEvent.PauseAsked()))
        {
            await GrainFactory.GetGrain<ISchedulerGrain>(0).Withdraw(_key, cancellationToken);
            if (Job is { Phase: JobPhase.Pausing, Lease: { } lease }) await StopWorker(lease, Job.Epoch, WorkerOrder.Stop, cancellationToken);
        }

        return Snapshot();
    }

    public async Task<JobStatus> Resume(CancellationToken cancellationToken)
    {
        if (await Transition(new JobEvent.ResumeAsked())) await Proceed(cancellationToken);
        return Snapshot();
    }

    public async Task<JobStatus> Cancel(CancellationToken cancellationToken)
    {
        (DeviceLease? lease, long epoch) = (Job.Lease, Job.Epoch);
        if (await Transition(new JobEvent.CancelAsked()))
        {
            await GrainFactory.GetGrain<ISchedulerGrain>(0).Withdraw(_key, cancellationToken);
            if (lease is not null) await StopWorker(lease, epoch, WorkerOrder.Abandon, cancellationToken);
        }

        return Snapshot();
    }

    public async Task<bool> Assign(DeviceLease lease, CancellationToken cancellationToken)
    {
        if (!await Transition(new JobEvent.Assigned(lease))) return false;
        _heardAt = time.GetUtcNow();
        var request = new SegmentRequest { Job = _key, Epoch = Job.Epoch, Spec = Spec, Lease = lease, Checkpoint = Job.Checkpoint };
        if (await TryStart(request, cancellationToken)) return true;
        await Fail(request.Epoch, FailureKind.NodeLost, $"Node {lease.Node} did not take the job.", cancellationToken);
        return false;
    }

    public Task<bool> Widen(DeviceLease lease, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<bool> Narrow(CancellationToken cancellationToken) => Task.FromResult(false);

    public async Task<bool> Vacate(DeviceLease lease, CancellationToken cancellationToken)
    {
        if (!Job.Phase.HoldsDevice() || Job.Lease != lease) return false;
        await StopWorker(lease, Job.Epoch, WorkerOrder.Stop, cancellationToken);
        return true;
    }

    public Task<IReadOnlyList<JobLogEntry>> Log(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<JobLogEntry>>(Job.Log);

    public async Task<WorkerOrder> ReportProgress(WorkerProgress progress, CancellationToken cancellationToken)
    {
        if (!Job.Phase.HoldsDevice() || progress.Epoch != Job.Epoch) return WorkerOrder.Abandon;
        _heardAt = time.GetUtcNow();
        _progress = progress;
        if (progress.LastStep is { } step) instruments.Step(_key, step);
        if (progress.LastValidation is { } validation) instruments.Validation(_key, validation);
        await TellSweep();
        return Job.Phase == JobPhase.Pausing ? WorkerOrder.Stop : WorkerOrder.Continue;
    }

    public Task<bool> ReportCheckpoint(long epoch, ArtifactRef manifest, CheckpointManifest content, double deviceSeconds, CancellationToken cancellationToken) =>
        Transition(new JobEvent.Checkpointed(epoch, manifest, content, deviceSeconds));

    public async Task ReportStopped(long epoch, CancellationToken cancellationToken)
    {
        if (await Transition(new JobEvent.Stopped(epoch))) await Proceed(cancellationToken);
    }

    public async Task ReportTrained(long epoch, TrainingResult result, CancellationToken cancellationToken)
    {
        if (await Transition(new JobEvent.Trained(epoch, result))) await Proceed(cancellationToken);
    }

    public Task ReportFailed(long epoch, FailureKind kind, string reason, CancellationToken cancellationToken) =>
        Fail(epoch, kind, reason, cancellationToken);

    private async Task Fail(long epoch, FailureKind kind, string reason, CancellationToken cancellationToken)
    {
        if (!await Transition(new JobEvent.WorkerFailed(epoch, kind, reason))) return;
        LogWorkerFailed(_key, epoch, kind, reason);
        instruments.Restarted(_key, kind);
        await Proceed(cancellationToken);
    }

    /// <summary>
    /// Applies an event, stores the new state and tells of it. False: the event changes nothing. Cannot be cancelled: a caller that goes
    /// away half way must not leave a state that nobody hears of.
    /// </summary>
    private async Task<bool> Transition(JobEvent happened)
    {
        JobState next = JobTransitions.Apply(Job, happened);
        if (ReferenceEquals(next, Job)) return false;
        JobState previous = Job;
        state.State = next;
        try
        {
            await state.WriteStateAsync(CancellationToken.None);
        }
        catch
        {
            // Whether the write took effect is not known: the next activation reads what is true.
            state.State = previous;
            DeactivateOnIdle();
            throw;
        }

        if (previous.Epoch != next.Epoch || !next.Phase.HoldsDevice()) _progress = null;
        if (previous.Phase != next.Phase) LogPhase(_key, previous.Phase, next.Phase, next.Epoch, next.Reason);
        instruments.State(_key, next);
        await TellSweep();
        return true;
    }

    /// <summary>Does what the phase asks for.</summary>
    private async Task Proceed(CancellationToken cancellationToken)
    {
        if (Job.Phase.HasEnded() || Job.Phase == JobPhase.Paused)
        {
            if (_sweepIsBehind) return;
            _upkeep?.Dispose();
            _upkeep = null;
            return;
        }

        StartUpkeep();
        if (Job.Phase == JobPhase.Pending)
            await GrainFactory.GetGrain<ISchedulerGrain>(0).Enqueue(Ticket(), cancellationToken);
        else if (Job.Phase == JobPhase.Publishing) await Publish();
    }

    private JobTicket Ticket() => new(_key, _share.MaxDevices, Job.DeviceKind, _share.Priority, Spec.Recipe.Batch.MicroShards, Epoch: Job.Epoch);

    private void StartUpkeep() =>
        _upkeep ??= this.RegisterGrainTimer(Upkeep, new GrainTimerCreationOptions(UpkeepPeriod, UpkeepPeriod) { KeepAlive = true });

    private async Task Upkeep(CancellationToken cancellationToken)
    {
        if (_sweepIsBehind) await TellSweep();
        if (Job.Phase.HoldsDevice() && time.GetUtcNow() - _heardAt > WorkerExpiry)
            await Fail(Job.Epoch, FailureKind.NodeLost, $"Node {Job.Lease?.Node} has said nothing for {WorkerExpiry.TotalSeconds:0} s.", cancellationToken);
        else await Proceed(cancellationToken);
    }

    private async Task Publish()
    {
        if (_publishing || Job.Result is not { } result) return;
        _publishing = true;
        try
        {
            (ArtifactRef card, GateVerdict verdict) = await publisher.Publish(Spec, result, CancellationToken.None);
            await Transition(new JobEvent.Published(card, verdict.Passes, verdict.Reason));
        }
        catch (IOException exception)
        {
            LogPublishFailed(exception, _key); // the upkeep timer tries again
        }
        finally
        {
            _publishing = false;
        }

        if (Job.Phase.HasEnded()) await Proceed(CancellationToken.None);
    }

    /// <summary>A job found as running may have lost its worker while nobody looked: with its node's process, or with the whole cluster.</summary>
    private async Task RecoverWorker(CancellationToken cancellationToken)
    {
        if (!Job.Phase.HoldsDevice() || _progress is not null || Job.Lease is not { } lease) return;
        NodeDescription? node = await TryDescribe(lease.Node, cancellationToken);
        if (node?.Incarnation != lease.Incarnation)
            await Fail(Job.Epoch, FailureKind.NodeLost, $"The process of node {lease.Node} ended.", cancellationToken);
    }

    private async Task<NodeDescription?> TryDescribe(string node, CancellationToken cancellationToken)
    {
        try
        {
            return await GrainFactory.GetGrain<INodeGrain>(node).Describe(cancellationToken);
        }
        catch (OrleansException)
        {
            return null; // no silo of that name: there is no subtype to catch
        }
    }

    private async Task<bool> TryStart(SegmentRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await GrainFactory.GetGrain<INodeGrain>(request.Lease.Node).Start(request, cancellationToken);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            LogStartFailed(exception, _key, request.Lease);
            return false;
        }
    }

    private async Task StopWorker(DeviceLease lease, long epoch, WorkerOrder order, CancellationToken cancellationToken)
    {
        try
        {
            await GrainFactory.GetGrain<INodeGrain>(lease.Node).Stop(_key, epoch, order, cancellationToken);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            LogStopFailed(exception, _key, lease); // the worker learns it from the answer to its next sign of life
        }
    }

    private async Task TellSweep()
    {
        try
        {
            await GrainFactory.GetGrain<ISweepGrain>(_key.Sweep).ReportJob(Snapshot(), CancellationToken.None);
            _sweepIsBehind = false;
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            LogSweepUntold(exception, _key);
            _sweepIsBehind = true;
            StartUpkeep();
        }
    }

    private JobStatus Snapshot() => new()
    {
        Id = new JobId(_key.Job),
        Sweep = new SweepId(_key.Sweep),
        Prompt = Job.Spec?.Prompt ?? "",
        Slug = Job.Spec is null ? "" : Slug.Of(Job.Spec.Prompt),
        Phase = Job.Phase,
        Reason = Job.Reason ?? _progress?.Activity,
        Epoch = Job.Epoch,
        Step = Job.Result?.Steps ?? Math.Max(Job.CheckpointStep, _progress?.LastStep?.Step ?? 0),
        StepsTarget = Job.Spec?.Recipe.Steps ?? 0,
        StepsPerSecond = _progress?.StepsPerSecond,
        Device = Job.Lease?.ToString(),
        Width = Job.Lease is null ? 0 : 1,
        Restarts = Job.Restarts,
        LastStep = _progress?.LastStep,
        LastValidation = _progress?.LastValidation ?? Job.LastValidation,
        Best = Job.Best,
        DeviceSeconds = Job.DeviceSeconds,
        CheckpointStep = Job.CheckpointStep,
        Card = Job.Card,
        Mapper = Job.Result?.Mapper,
        Strip = Job.Strip,
    };
}
