using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Gradients;
using StyleClip.Cluster.GrainState;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Scheduling;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Jobs;

internal sealed partial class JobGrain : Grain, IJobGrain
{
    /// <summary>How often a job looks after itself while devices work for it: are they alive, do they know each other.</summary>
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);

    /// <summary>How often it does so while something is unfinished: a publication, a sweep that was not told.</summary>
    private static readonly TimeSpan UpkeepPeriod = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often a waiting job repeats its ticket. A second line: when the scheduler's process dies, recovery asks every job at once. Ten
    /// thousand jobs that wait for hours must cost next to nothing.
    /// </summary>
    private static readonly TimeSpan WaitPeriod = TimeSpan.FromSeconds(30);

    /// <summary>How often a job that could be wider says so.</summary>
    private static readonly TimeSpan HoldPeriod = TimeSpan.FromSeconds(5);

    private readonly IPersistentState<JobState> _state;
    private readonly IResultPublisher _publisher;
    private readonly JobInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger<JobGrain> _logger;
    private readonly WorkerCalls _workers;
    private readonly LeaseWatch _watch;
    private readonly Dictionary<Guid, DeviceLease> _invited = [];
    private JobState _durable = new(); // as stored: while a change is being written, others hear of the state before it
    private JobKey _key;
    private SweepShare _share = new();
    private WorkerProgress? _progress;
    private MemberIdentity? _identity;
    private string? _failedOn;
    private IGrainTimer? _upkeep;
    private TimeSpan _upkeepPeriod;
    private DateTimeOffset _heldAt;
    private bool _publishing;
    private bool _sweepIsBehind;

    public JobGrain(
        [PersistentState("job", ArtifactGrainStorage.Name)] IPersistentState<JobState> state,
        IResultPublisher publisher,
        JobInstruments instruments,
        IClusterMembershipService membership,
        TimeProvider time,
        ILogger<JobGrain> logger)
    {
        (_state, _publisher, _instruments, _time, _logger) = (state, publisher, instruments, time, logger);
        _workers = new WorkerCalls(GrainFactory, logger);
        _watch = new LeaseWatch(membership, GrainFactory, time);
    }

    private JobState Job => _state.State;

    private JobSpec Spec => Job.Spec ?? throw new InvalidOperationException($"Job {_key} has not been submitted.");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = JobKey.Parse(this.GetPrimaryKeyString());
        _durable = Job;
        _watch.Watch(Members(Job));
        _instruments.Found(_key, Job);
        // A job that moved here with its silo's death looks after itself again as soon as anybody speaks to it.
        if (Job.Spec is not null && !Job.Phase.HasEnded() && Job.Phase != JobPhase.Paused) StartUpkeep();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _instruments.Forget(_key);
        return Task.CompletedTask;
    }

    public async Task<JobStatus> Submit(JobSpec spec, SweepShare share, bool paused, CancellationToken cancellationToken)
    {
        if (JobId.Of(spec).Value != _key.Job) throw new ArgumentException($"The spec's id is {JobId.Of(spec)}; this job is {_key}.", nameof(spec));
        _share = share;
        await Transition(new JobEvent.Submitted(spec));
        await DropLostWorkers(cancellationToken);
        await Transition(paused ? new JobEvent.PauseAsked() : new JobEvent.ResumeAsked());
        await Proceed(cancellationToken);
        return Snapshot();
    }

    public async Task<JobStatus> Revive(JobSpec spec, SweepShare share, bool paused, CancellationToken cancellationToken)
    {
        if (Job.Spec is null && !Job.Phase.HasEnded()) return await Submit(spec, share, paused, cancellationToken);
        _share = share;
        await DropLostWorkers(cancellationToken);
        await Proceed(cancellationToken);
        return Snapshot();
    }

    public Task<JobStatus> Status(CancellationToken cancellationToken) => Task.FromResult(Snapshot());

    public Task<IReadOnlyList<JobLogEntry>> Log(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<JobLogEntry>>([.. Job.Log]);

    public async Task<JobStatus> Pause(CancellationToken cancellationToken)
    {
        if (await Transition(new JobEvent.PauseAsked()))
        {
            await GrainFactory.GetGrain<ISchedulerGrain>(0).Withdraw(_key, cancellationToken);
            if (Job is { Phase: JobPhase.Pausing, Lease: { } leader }) _workers.Stop(leader, WorkerOrder.Stop);
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
        if (await Transition(new JobEvent.CancelAsked()))
        {
            await GrainFactory.GetGrain<ISchedulerGrain>(0).Withdraw(_key, cancellationToken);
            await Proceed(cancellationToken);
        }

        return Snapshot();
    }

    public async Task<bool> Assign(DeviceLease lease, CancellationToken cancellationToken)
    {
        if (!await Transition(new JobEvent.Assigned(lease))) return false;
        var request = new SegmentRequest { Job = _key, Lease = lease, Spec = Spec, View = Job.View(), Checkpoint = Job.Checkpoint };
        if (await _workers.Start(request, cancellationToken))
        {
            await Proceed(cancellationToken);
            return true;
        }

        if (await Transition(new JobEvent.Refused(lease.Id)))
        {
            _failedOn = lease.Node;
            await GrainFactory.GetGrain<ISchedulerGrain>(0).ReportFailure(lease, FailureKind.NodeLost, $"Node {lease.Node} did not take {_key}.", cancellationToken);
            await Proceed(cancellationToken);
        }

        return false;
    }

    public async Task<bool> Widen(DeviceLease lease, CancellationToken cancellationToken)
    {
        if (!CouldBeWider || !await _workers.Start(new SegmentRequest { Job = _key, Lease = lease, Spec = Spec }, cancellationToken)) return false;
        _invited[lease.Id] = lease;
        WatchLeases();
        // A device does one thing at a time: what a member of this job did there has ended, although the job was not told.
        foreach (DeviceLease former in Members(Job).Where(member => member.IsSameDevice(lease)).ToArray())
            await ReportStopped(former.Id, cancellationToken);
        return true;
    }

    public async Task<bool> Narrow(CancellationToken cancellationToken)
    {
        if (_invited.Count > 0)
        {
            Uninvite(_invited.Keys.First());
            return true;
        }

        return Job.Followers.Length > 0 && await Transition(new JobEvent.Left(Job.Followers[^1].Id));
    }

    public async Task<bool> Vacate(DeviceLease lease, CancellationToken cancellationToken)
    {
        if (_invited.ContainsKey(lease.Id))
        {
            Uninvite(lease.Id);
            return true;
        }

        if (await Transition(new JobEvent.Left(lease.Id))) return true;
        if (Job.View()?.IndexOf(lease.Id) is null or < 0) return false;
        _workers.Stop(lease, WorkerOrder.Stop); // it is alone: a checkpoint first
        return true;
    }

    public async Task<WorkerAnswer> ReportProgress(WorkerProgress progress, CancellationToken cancellationToken)
    {
        if (_invited.ContainsKey(progress.Lease))
        {
            _watch.Heard(progress.Lease);
            return new WorkerAnswer(WorkerOrder.Continue, null);
        }

        if (_durable.View() is not { } view || view.IndexOf(progress.Lease) is var index && index < 0) return WorkerAnswer.Abandon;
        _watch.Heard(progress.Lease);
        if (index > 0) return new WorkerAnswer(WorkerOrder.Continue, view);
        (_progress, _identity) = (progress, progress.Identity);
        if (progress.LastStep is { } step) _instruments.Step(_key, step);
        if (progress.StepsDone is { } done) _instruments.Progress(_key, done);
        if (progress.LastValidation is { } validation) _instruments.Validation(_key, validation);
        await TellSweep();
        return new WorkerAnswer(_durable.Phase == JobPhase.Pausing ? WorkerOrder.Stop : WorkerOrder.Continue, view);
    }

    public async Task<WorkerAnswer> Join(Guid lease, MemberIdentity identity, CancellationToken cancellationToken)
    {
        if (Job.View() is { } present && present.IndexOf(lease) >= 0) return new WorkerAnswer(WorkerOrder.Continue, present); // asked again; by now it may lead
        if (!_invited.TryGetValue(lease, out DeviceLease? member)) return WorkerAnswer.Abandon;
        if (Job.Phase == JobPhase.Running && _identity is null) return new WorkerAnswer(WorkerOrder.Continue, null); // the leader is not ready itself
        _invited.Remove(lease);
        if (_identity?.Refusal(identity) is { } reason)
        {
            LogRefused(_key, member, reason);
            return WorkerAnswer.Abandon;
        }

        return await Transition(new JobEvent.Joined(member)) ? new WorkerAnswer(WorkerOrder.Continue, Job.View()) : WorkerAnswer.Abandon;
    }

    public Task<bool> ReportCheckpoint(Guid lease, ArtifactRef manifest, CheckpointManifest content, double deviceSeconds, CancellationToken cancellationToken) =>
        Transition(new JobEvent.Checkpointed(lease, manifest, content, deviceSeconds));

    public async Task ReportStopped(Guid lease, CancellationToken cancellationToken)
    {
        _invited.Remove(lease);
        if (await Transition(new JobEvent.Stopped(lease))) await Proceed(cancellationToken);
    }

    public async Task ReportTrained(Guid lease, TrainingResult result, CancellationToken cancellationToken)
    {
        if (await Transition(new JobEvent.Trained(lease, result))) await Proceed(cancellationToken);
    }

    public Task ReportFailed(Guid lease, FailureKind kind, string reason, CancellationToken cancellationToken)
    {
        _invited.Remove(lease);
        return Fail(lease, kind, reason, cancellationToken);
    }

    private static ImmutableArray<DeviceLease> Members(JobState job) => job.View()?.Members ?? [];

    private async Task Fail(Guid lease, FailureKind kind, string reason, CancellationToken cancellationToken)
    {
        DeviceLease? failed = Members(Job).FirstOrDefault(member => member.Id == lease);
        if (!await Transition(new JobEvent.WorkerFailed(lease, kind, reason))) return;
        _failedOn = failed?.Node;
        LogWorkerFailed(_key, kind, reason);
        if (failed is not null) await GrainFactory.GetGrain<ISchedulerGrain>(0).ReportFailure(failed, kind, reason, cancellationToken);
        await Proceed(cancellationToken);
    }

    /// <summary>
    /// Applies an event, stores the new state and tells of it. False: the event changes nothing. Cannot be cancelled: a caller that goes
    /// away half way must not leave a state that nobody hears of.
    /// </summary>
    private async Task<bool> Transition(JobEvent happened)
    {
        JobState previous = Job, next = JobTransitions.Apply(previous, happened);
        if (ReferenceEquals(next, previous)) return false;
        _state.State = next = JobLog.WithLine(previous, next, happened, _time.GetUtcNow());
        try
        {
            await _state.WriteStateAsync(CancellationToken.None);
        }
        catch
        {
            // Whether the write took effect is not known: the next activation reads what is true.
            _state.State = previous;
            DeactivateOnIdle();
            throw;
        }

        _durable = next;
        if (previous.Phase != next.Phase) LogPhase(_key, previous.Phase, next.Phase, next.Epoch, next.Reason);
        if (previous.Lease != next.Lease) (_progress, _identity) = (null, next.Lease is null ? null : _identity);
        TellWorkers(previous, next);
        _instruments.Changed(_key, happened, previous, next);
        await TellSweep();
        return true;
    }

    /// <summary>Lets go of the devices that the job no longer holds, and lets those that stay know of each other.</summary>
    private void TellWorkers(JobState previous, JobState next)
    {
        JobView? view = next.View();
        foreach (DeviceLease lease in Members(previous))
            if (view?.IndexOf(lease.Id) is null or < 0) _workers.Stop(lease, WorkerOrder.Abandon);
            else if (view.Epoch != previous.Epoch) _workers.Enter(lease, view);
        if (next.Phase != JobPhase.Running)
            foreach (Guid lease in _invited.Keys.ToArray()) Uninvite(lease);
        WatchLeases();
    }

    private void Uninvite(Guid lease)
    {
        if (_invited.Remove(lease, out DeviceLease? invited)) _workers.Stop(invited, WorkerOrder.Abandon);
    }

    private void WatchLeases() => _watch.Watch(Members(Job).Concat(_invited.Values));

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
        if (Job.Phase == JobPhase.Pending) await GrainFactory.GetGrain<ISchedulerGrain>(0).Enqueue(Ticket(), cancellationToken);
        else if (Job.Phase == JobPhase.Publishing) await Publish();
        else if (CouldBeWider && _identity is not null && _time.GetUtcNow() - _heldAt >= HoldPeriod)
        {
            _heldAt = _time.GetUtcNow();
            await GrainFactory.GetGrain<ISchedulerGrain>(0).Hold(Ticket(), cancellationToken);
        }
    }

    private bool CouldBeWider => Job.Phase == JobPhase.Running && Members(Job).Length + _invited.Count < Spec.MaxWidth();

    private JobTicket Ticket() => new(
        _key, _share.MaxDevices, _identity?.DeviceKind ?? Job.DeviceKind, _share.Priority, Spec.MaxWidth(), _identity?.Build, Job.Epoch, _failedOn);

    private void StartUpkeep()
    {
        TimeSpan period = Job.Phase.HoldsDevice() ? WatchPeriod : Job.Phase == JobPhase.Pending && !_sweepIsBehind ? WaitPeriod : UpkeepPeriod;
        // Jobs of a sweep begin to wait together and must not all speak together.
        TimeSpan due = period == WaitPeriod ? period * (0.5 + (uint)_key.GetHashCode() / (double)uint.MaxValue / 2) : period;
        if (_upkeep is null) _upkeep = this.RegisterGrainTimer(Upkeep, new GrainTimerCreationOptions(due, period) { KeepAlive = true });
        else if (period != _upkeepPeriod) _upkeep.Change(due, period);
        _upkeepPeriod = period;
    }

    private async Task Upkeep(CancellationToken cancellationToken)
    {
        if (_sweepIsBehind) await TellSweep();
        await DropLostWorkers(cancellationToken);
        await Proceed(cancellationToken);
    }

    private async Task DropLostWorkers(CancellationToken cancellationToken)
    {
        foreach (DeviceLease lease in Members(Job))
            if (await _watch.Loss(lease, cancellationToken) is { } loss) await Fail(lease.Id, FailureKind.NodeLost, loss, cancellationToken);
        foreach (DeviceLease lease in _invited.Values.ToArray())
            if (await _watch.Loss(lease, cancellationToken) is not null) _invited.Remove(lease.Id);
    }

    private async Task Publish()
    {
        if (_publishing || Job.Result is not { } result) return;
        _publishing = true;
        try
        {
            (ArtifactRef card, GateVerdict verdict) = await _publisher.Publish(Spec, result, CancellationToken.None);
            await Transition(new JobEvent.Published(card, verdict.Passes, verdict.Reason));
        }
        catch (IOException exception)
        {
            _instruments.PublishFailed(_key);
            LogPublishFailed(exception, _key); // the upkeep timer tries again
        }
        finally
        {
            _publishing = false;
        }

        if (Job.Phase.HasEnded()) await Proceed(CancellationToken.None);
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
        Prompt = _durable.Spec?.Prompt ?? "",
        Slug = _durable.Spec is null ? "" : _durable.Spec.Slug(),
        Phase = _durable.Phase,
        Reason = _durable.Reason ?? _progress?.Activity,
        Epoch = _durable.Epoch,
        Step = _durable.Result?.Steps ?? Math.Max(_durable.CheckpointStep, _progress?.LastStep?.Step ?? _progress?.StepsDone ?? 0),
        StepsTarget = _durable.Spec?.Recipe.Steps ?? 0,
        StepsPerSecond = _progress?.StepsPerSecond,
        Device = _durable.Lease?.ToString(),
        Width = Members(_durable).Length,
        Restarts = _durable.Restarts,
        LastStep = _progress?.LastStep,
        LastValidation = _progress?.LastValidation ?? _durable.LastValidation,
        Best = _durable.Best,
        DeviceSeconds = _durable.DeviceSeconds,
        CheckpointStep = _durable.CheckpointStep,
        Card = _durable.Card,
        Mapper = _durable.Result?.Mapper,
        Strip = _durable.Strip,
        Method = _durable.Spec?.Method,
        Table = _durable.Spec?.Table,
        Domain = _durable.Result?.Domain,
    };
}
