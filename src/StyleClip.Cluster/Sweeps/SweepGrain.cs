using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using StyleClip.Cluster.GrainState;
using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cluster.Sweeps;

internal sealed partial class SweepGrain(
    [PersistentState("sweep", ArtifactGrainStorage.Name)] IPersistentState<SweepState> state,
    IArtifactStore store,
    IClusterMembershipService membership,
    SweepInstruments instruments,
    TimeProvider time,
    ILogger<SweepGrain> logger) : Grain, ISweepGrain, IDisposable
{
    /// <summary>Jobs that are spoken to at the same time.</summary>
    private const int Parallelism = 64;

    /// <summary>Jobs in one update: what a watcher gets at once stays small.</summary>
    private const int WatchLimit = 500;

    /// <summary>Time that a caller waits for all jobs to be told; a caller's own patience is ten seconds and more.</summary>
    private static readonly TimeSpan TellPatience = TimeSpan.FromSeconds(5);

    /// <summary>Longest time between two updates that a watcher must wait for nothing.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Least time between two looks at every job while no process dies.</summary>
    private static readonly TimeSpan RevivePeriod = TimeSpan.FromSeconds(50);

    private readonly SemaphoreSlim _writing = new(1, 1);
    private SweepPlan? _plan;
    private (JobSpec Spec, JobKey Key)[] _jobs = [];
    private SweepBoard _board = new([]);
    private Task? _telling;
    private int _wishes;
    private (MembershipVersion Version, DateTimeOffset At) _revived;

    private delegate Task<JobStatus> JobCall(IJobGrain job, JobSpec spec, CancellationToken cancellationToken);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (state.State.Plan is { } inline) Open(inline);
        else if (state.State.PlanArtifact is { } artifact) Open(await store.ReadJson<SweepPlan>(artifact.Digest, cancellationToken));
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        instruments.Forget(Id);
        return Task.CompletedTask;
    }

    public void Dispose() => _writing.Dispose();

    public async Task<SweepStatus> Submit(SweepPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Id != Id) throw new ArgumentException($"The plan's id is {plan.Id}; this sweep is {Id}.", nameof(plan));
        // What the sweep may use is not part of its id: the same sweep may be submitted again with another share.
        bool isNews = _plan is null || (_plan.MaxDevices, _plan.Priority) != (plan.MaxDevices, plan.Priority);
        ArtifactRef? artifact = isNews ? await store.PutJson(plan, cancellationToken) : state.State.PlanArtifact;
        await Write(before => before with { PlanArtifact = artifact, Plan = isNews ? null : before.Plan, Paused = false, IsTold = false, Ended = null });
        Open(plan);
        SweepShare share = Share;
        await Tell(_jobs, state.State.Cancelled ? (job, _, ct) => job.Cancel(ct) : (job, spec, ct) => job.Submit(spec, share, paused: false, ct));
        return Snapshot();
    }

    public async Task Revive(CancellationToken cancellationToken)
    {
        if (_plan is null || state.State.Ended is not null || _telling is { IsCompleted: false }) return;
        MembershipVersion version = membership.CurrentSnapshot.Version;
        bool isDue = _revived.Version != version || time.GetUtcNow() - _revived.At >= RevivePeriod;
        if (state.State.IsTold && !isDue) return;
        _revived = (version, time.GetUtcNow());
        bool[] standsStill = [.. _jobs.Select((_, place) => _board.At(place) is { } job && (job.Phase.HasEnded() || job.Phase == JobPhase.Paused))];
        await Tell(state.State.IsTold ? [.. _jobs.Where((_, place) => !standsStill[place])] : _jobs, ReviveCall());
    }

    public async Task<SweepStatus> Status(CancellationToken cancellationToken)
    {
        await Load();
        return Snapshot();
    }

    public async Task<SweepSummary> Summary(CancellationToken cancellationToken)
    {
        if (state.State.Ended is null) await Load();
        return new SweepSummary
        {
            Id = Id,
            Name = Plan.Name,
            Priority = Plan.Priority,
            Phase = state.State.Ended is null ? Phase : SweepPhase.Ended,
            Jobs = state.State.Ended ?? CountsByPhase(),
        };
    }

    public Task Pause(CancellationToken cancellationToken) =>
        Wish(before => before with { Paused = true, IsTold = false }, (job, _, ct) => job.Pause(ct));

    public Task Resume(CancellationToken cancellationToken)
    {
        if (_plan is null) return Task.CompletedTask;
        SweepShare share = Share;
        return Wish(before => before with { Paused = false, IsTold = false }, (job, spec, ct) => ReviveAndResume(job, spec, share, ct));
    }

    public Task Cancel(CancellationToken cancellationToken) =>
        Wish(before => before with { Cancelled = true, Paused = false, IsTold = false }, (job, _, ct) => job.Cancel(ct));

    public async IAsyncEnumerable<SweepUpdate> Watch(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Load();
        while (true)
        {
            Task changed = _board.Changed;
            SweepPhase phase = Phase;
            bool standsStill = phase is SweepPhase.Ended or SweepPhase.Paused;
            if (_board.Sequence > after || standsStill)
            {
                (IReadOnlyList<JobStatus> jobs, long reached) = _board.After(after, WatchLimit);
                bool isAll = reached == _board.Sequence;
                after = reached;
                yield return new SweepUpdate { Sequence = reached, Phase = isAll ? phase : SweepPhase.Running, Jobs = jobs };
                if (!isAll) continue;
                if (standsStill) yield break;
                await Task.Delay(WatchInterval, cancellationToken); // several changes make one update
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public Task ReportJob(JobStatus status, CancellationToken cancellationToken)
    {
        if (_plan is null) return Task.CompletedTask;
        _board.Post(status);
        return status.Phase.HasEnded() ? RememberEnd() : Task.CompletedTask;
    }

    private SweepId Id => new(this.GetPrimaryKeyString());

    private SweepPlan Plan => _plan ?? throw new InvalidOperationException($"Sweep {Id} has not been submitted.");

    private SweepShare Share => new() { MaxDevices = Plan.MaxDevices, Priority = Plan.Priority };

    private SweepPhase Phase => _board.Phase(state.State.Paused);

    // Ids are hashes of specs: computed once.
    private void Open(SweepPlan plan)
    {
        bool isKnown = _plan is not null;
        _plan = plan;
        if (!isKnown) Lay(plan);
        if (state.State.Ended is null) instruments.Watch(Id, _board.Counts); // what has ended was shown where it ended
    }

    private void Lay(SweepPlan plan)
    {
        _jobs = [.. plan.Jobs.Select(spec => (spec, JobKey.Of(Id, JobId.Of(spec)))).DistinctBy(job => job.Item2)];
        _board = new SweepBoard([.. _jobs.Select(job => new JobId(job.Key.Job))], SweepBoard.StartAt(time.GetUtcNow()));
    }

    private SweepStatus Snapshot() => new()
    {
        Id = Id,
        Name = Plan.Name,
        Phase = Phase,
        Jobs = [.. _board.Jobs],
    };

    private SortedDictionary<JobPhase, int> CountsByPhase()
    {
        var counts = new SortedDictionary<JobPhase, int>();
        foreach (JobPhase phase in Enum.GetValues<JobPhase>())
            if (_board.Counts[(int)phase] > 0) counts[phase] = _board.Counts[(int)phase];
        return counts;
    }

    private async Task Wish(Func<SweepState, SweepState> change, JobCall call)
    {
        if (_plan is null) return;
        await Write(change);
        await Tell(_jobs, call);
        _board.Touch(); // the sweep's own phase may have changed with no job's
    }

    private JobCall ReviveCall()
    {
        SweepShare share = Share;
        return state.State switch
        {
            { IsTold: true, Paused: var paused } => (job, spec, ct) => job.Revive(spec, share, paused, ct),
            { Cancelled: true } => (job, _, ct) => job.Cancel(ct),
            { Paused: true } => (job, _, ct) => job.Pause(ct),
            _ => (job, spec, ct) => ReviveAndResume(job, spec, share, ct),
        };
    }

    private static async Task<JobStatus> ReviveAndResume(IJobGrain job, JobSpec spec, SweepShare share, CancellationToken cancellationToken)
    {
        await job.Revive(spec, share, paused: false, cancellationToken);
        return await job.Resume(cancellationToken);
    }

    private async Task Load()
    {
        if (_plan is null || _telling is { IsCompletedSuccessfully: true }) return;
        if (_telling is not { IsCompleted: false }) _telling = CallAll(_jobs, (job, _, ct) => job.Status(ct), _wishes);
        await Task.WhenAny(_telling, Task.Delay(TellPatience, time));
    }

    /// <summary>Tells jobs of a wish. A caller who has waited long enough goes; the rest is told without him.</summary>
    private async Task Tell((JobSpec Spec, JobKey Key)[] jobs, JobCall call)
    {
        Task telling = _telling = TellAll(jobs, call);
        if (await Task.WhenAny(telling, Task.Delay(TellPatience, time)) == telling) await telling;
        else _ = LogFailure(telling);
    }

    private async Task TellAll((JobSpec Spec, JobKey Key)[] jobs, JobCall call)
    {
        int wish = ++_wishes;
        await CallAll(jobs, call, wish);
        if (wish == _wishes) await Write(before => before.IsTold ? before : before with { IsTold = true });
        await RememberEnd();
    }

    // A newer wish makes what is left of this one pointless.
    private async Task CallAll((JobSpec Spec, JobKey Key)[] jobs, JobCall call, int wish)
    {
        Exception? failure = null;
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Parallelism, jobs.Length)).Select(_ => Speak()));
        if (failure is not null) throw new AggregateException($"Not every job of sweep {Id} could be told.", failure);

        async Task Speak()
        {
            while (next < jobs.Length && wish == _wishes)
            {
                (JobSpec spec, JobKey key) = jobs[next++];
                try
                {
                    _board.Post(await call(GrainFactory.GetGrain<IJobGrain>(key.ToString()), spec, CancellationToken.None));
                }
                catch (Exception exception) when (exception is OrleansException or TimeoutException or IOException)
                {
                    failure = exception; // the others want to be told, too
                }
            }
        }
    }

    private async Task LogFailure(Task telling)
    {
        try
        {
            await telling;
        }
        catch (AggregateException exception)
        {
            LogUntold(exception, Id);
        }
    }

    private async Task RememberEnd()
    {
        if (state.State is not { Ended: null, IsTold: true } || Phase != SweepPhase.Ended) return;
        try
        {
            await Write(before => before.Ended is null ? before with { Ended = CountsByPhase() } : before);
        }
        catch (Exception exception) when (exception is OrleansException or IOException)
        {
            LogEndUnwritten(exception, Id); // the next activation asks the jobs
        }
    }

    // Calls interleave; two writes at once would both name the same version.
    private async Task Write(Func<SweepState, SweepState> change)
    {
        await _writing.WaitAsync();
        SweepState before = state.State;
        try
        {
            SweepState after = change(before);
            if (ReferenceEquals(before, after)) return;
            state.State = after;
            await state.WriteStateAsync(CancellationToken.None);
        }
        catch
        {
            // Whether the write took effect is not known: the next activation reads what is true.
            state.State = before;
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Sweep {Sweep}: its end could not be written down")]
    private partial void LogEndUnwritten(Exception exception, SweepId sweep);

    [LoggerMessage(LogLevel.Warning, "Sweep {Sweep}: not every job could be told; the others are told again")]
    private partial void LogUntold(Exception exception, SweepId sweep);
}
