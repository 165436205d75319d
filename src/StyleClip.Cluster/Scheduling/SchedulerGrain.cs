using Microsoft.Extensions.Logging;
using Orleans.Runtime.MembershipService.SiloMetadata;
using StyleClip.Cluster.GrainState;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Contracts.Nodes;

namespace StyleClip.Cluster.Scheduling;

internal sealed partial class SchedulerGrain(
    [PersistentState("scheduler", ArtifactGrainStorage.Name)] IPersistentState<SchedulerState> state,
    IClusterMembershipService membership,
    ISiloMetadataCache metadata,
    SchedulerInstruments instruments,
    TimeProvider time,
    ILogger<SchedulerGrain> logger) : Grain, ISchedulerGrain, IDisposable
{
    /// <summary>Jobs that are asked something at the same time.</summary>
    private const int Parallelism = 64;

    /// <summary>How often time alone is looked at: silent nodes, patience, the end of an exclusion.</summary>
    private static readonly TimeSpan UpkeepPeriod = TimeSpan.FromSeconds(1);

    /// <summary>How long a new scheduler waits for nodes to say what their devices do.</summary>
    private static readonly TimeSpan RollPatience = TimeSpan.FromSeconds(10);

    /// <summary>Time between two questions to a node that does not say it.</summary>
    private static readonly TimeSpan RollPeriod = TimeSpan.FromMilliseconds(250);

    private readonly DevicePool _pool = new();
    private readonly HashSet<string> _endedSilos = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ended = new();
    private int _asking;
    private bool _matching;
    private bool _knowsNodes;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        state.State = state.State with { Generation = state.State.Generation + 1 };
        await state.WriteStateAsync(cancellationToken);
        _pool.Generation = state.State.Generation;
        foreach ((string node, NodeMark mark) in state.State.Marks) _pool.Mark(node, mark, time.GetUtcNow());
        this.RegisterGrainTimer(Upkeep, new GrainTimerCreationOptions(UpkeepPeriod, UpkeepPeriod) { Interleave = true, KeepAlive = true });
        _ = WatchMembership(_ended.Token);
        _ = CallRoll(_ended.Token);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _ended.CancelAsync();
        instruments.Clear();
    }

    public void Dispose() => _ended.Dispose();

    public Task Enqueue(JobTicket ticket, CancellationToken cancellationToken)
    {
        _pool.Enqueue(ticket, time.GetUtcNow());
        return MatchSoon();
    }

    public Task Withdraw(JobKey job, CancellationToken cancellationToken)
    {
        _pool.Withdraw(job);
        return Task.CompletedTask;
    }

    public Task Hold(JobTicket ticket, CancellationToken cancellationToken)
    {
        _pool.Hold(ticket);
        return MatchSoon();
    }

    public Task Announce(NodeAnnouncement announcement, CancellationToken cancellationToken)
    {
        if (_endedSilos.Contains(announcement.Node.Silo)) return Task.CompletedTask;
        _pool.Announce(announcement, time.GetUtcNow());
        return MatchSoon();
    }

    public Task ReportFailure(DeviceLease lease, FailureKind kind, string reason, CancellationToken cancellationToken)
    {
        _pool.ReportFailure(lease, kind, reason, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<bool> Cordon(string node, bool cordoned, CancellationToken cancellationToken) =>
        Mark(node, cordoned ? NodeMark.Cordoned : null, cancellationToken);

    public Task<bool> Drain(string node, CancellationToken cancellationToken) => Mark(node, NodeMark.Draining, cancellationToken);

    public Task<SchedulerStatus> Status(CancellationToken cancellationToken) => Task.FromResult(new SchedulerStatus
    {
        Devices = _pool.Devices,
        BusyDevices = _pool.BusyDevices,
        QueuedJobs = _pool.QueuedJobs,
    });

    public Task<IReadOnlyList<NodeStatus>> Nodes(CancellationToken cancellationToken) => Task.FromResult(_pool.Nodes(time.GetUtcNow()));

    private async Task<bool> Mark(string node, NodeMark? mark, CancellationToken cancellationToken)
    {
        if (!_pool.Knows(node)) return false;
        SchedulerState before = state.State;
        state.State = before with { Marks = mark is { } wish ? before.Marks.SetItem(node, wish) : before.Marks.Remove(node) };
        try
        {
            await state.WriteStateAsync(cancellationToken);
        }
        catch
        {
            // Whether the write took effect is not known: the next activation reads what is true.
            state.State = before;
            DeactivateOnIdle();
            throw;
        }

        LogMark(node, mark?.ToString() ?? "none");
        _pool.Mark(node, mark, time.GetUtcNow());
        await MatchSoon();
        return true;
    }

    // Jobs call the scheduler and the scheduler calls jobs. Offers are made from a timer, after the call that caused them has returned:
    // a job must not wait for the scheduler while the scheduler waits for that job.
    private Task MatchSoon()
    {
        if (_matching) return Task.CompletedTask;
        _matching = true;
        this.RegisterGrainTimer(
            _ =>
            {
                _matching = false;
                Match();
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true });
        return Task.CompletedTask;
    }

    private void Match()
    {
        while (_knowsNodes && _asking < Parallelism && _pool.Next(time.GetUtcNow()) is { } move)
        {
            _asking++;
            _ = CarryOut(move);
        }
    }

    private async Task CarryOut(Move move)
    {
        try
        {
            bool accepted = await Ask(move);
            _pool.Answered(move, accepted, time.GetUtcNow());
        }
#pragma warning disable CA1031 // the edge of a loop: whatever a job throws, the others still want devices
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogUnanswered(exception, move.Job, move.GetType().Name);
            _pool.Unanswered(move, time.GetUtcNow());
        }
        finally
        {
            _asking--;
            await MatchSoon();
        }
    }

    private Task<bool> Ask(Move move)
    {
        IJobGrain job = GrainFactory.GetGrain<IJobGrain>(move.Job.ToString());
        return move switch
        {
            Move.Assign assign => job.Assign(assign.Lease, _ended.Token),
            Move.Widen widen => job.Widen(widen.Lease, _ended.Token),
            Move.Narrow => job.Narrow(_ended.Token),
            Move.Vacate vacate => job.Vacate(vacate.Lease, _ended.Token),
            _ => throw new ArgumentOutOfRangeException(nameof(move), move, "Unknown move."),
        };
    }

    // A scheduler that was made anew would exceed the limits of sweeps, did it give out devices before it knows which ones they hold.
    private async Task CallRoll(CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        await Task.WhenAll(membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active)
            .SelectMany(member => NodePlacementDirector.NamesOf(metadata.GetSiloMetadata(member.SiloAddress)).Select(node => Hear(node, member.SiloAddress))));
        _knowsNodes = true;
        await MatchSoon();

        async Task Hear(string node, SiloAddress silo)
        {
            while (!await TryHear(node, cancellationToken) && !cancellationToken.IsCancellationRequested)
            {
                // Its process is gone, or it hangs: the others must not wait for it.
                if (membership.CurrentSnapshot.GetSiloStatus(silo) != SiloStatus.Active || time.GetElapsedTime(began) > RollPatience) return;
                await Task.Delay(RollPeriod, time, CancellationToken.None);
            }
        }
    }

    private async Task<bool> TryHear(string node, CancellationToken cancellationToken)
    {
        try
        {
            await Announce(await GrainFactory.GetGrain<INodeGrain>(node).Announcement(state.State.Generation, cancellationToken), cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or OperationCanceledException or InvalidOperationException)
        {
            LogAbsent(exception, node); // it announces itself when it can
            return false;
        }
    }

    private Task Upkeep(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        _pool.Expire(now);
        Match();
        instruments.Update(_pool.Nodes(now), _pool.Queue());
        return Task.CompletedTask;
    }

    // A node whose process is known to be gone, or to be going, is not waited for.
    private async Task WatchMembership(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ClusterMembershipSnapshot snapshot in membership.MembershipUpdates.WithCancellation(cancellationToken))
            {
                foreach (ClusterMember member in snapshot.Members.Values)
                {
                    if (!member.Status.IsTerminating()) continue;
                    string silo = member.SiloAddress.ToParsableString();
                    if (_endedSilos.Add(silo)) _pool.Lose(silo);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the scheduler ends
        }
    }

    [LoggerMessage(LogLevel.Warning, "Job {Job} did not answer ({Move}); it is asked again later")]
    private partial void LogUnanswered(Exception exception, JobKey job, string move);

    [LoggerMessage(LogLevel.Information, "Node {Node} did not say what its devices do")]
    private partial void LogAbsent(Exception exception, string node);

    [LoggerMessage(LogLevel.Information, "Node {Node} is marked: {Mark}")]
    private partial void LogMark(string node, string mark);
}
