using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Sweeps;

/// <summary>
/// The newest status of each job of a sweep, numbered by change, so that a watcher can ask for what came after a cursor. The board lives in
/// memory: numbers begin at <paramref name="start"/>, which must be above those of earlier boards, so that a cursor of theirs sees everything.
/// </summary>
internal sealed class SweepBoard(IReadOnlyList<JobId> order, long start = 0)
{
    private readonly Dictionary<JobId, (JobStatus Status, long Sequence)> _jobs = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Number of the newest change.</summary>
    public long Sequence { get; private set; } = start;

    /// <summary>A start above every number of boards that began earlier: a thousand changes fit into each millisecond of the clock, and the numbers into a double.</summary>
    public static long StartAt(DateTimeOffset now) => now.ToUnixTimeMilliseconds() << 10;

    /// <summary>Ends at the next change.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Newest statuses in the sweep's order; jobs that have not spoken yet are missing.</summary>
    public IEnumerable<JobStatus> Jobs => order.Where(_jobs.ContainsKey).Select(id => _jobs[id].Status);

    /// <summary>Takes over a status, unless it is of an older epoch or the job has ended in this one.</summary>
    public void Post(JobStatus status)
    {
        if (_jobs.TryGetValue(status.Id, out var known)
            && (known.Status.Epoch > status.Epoch || (known.Status.Epoch == status.Epoch && known.Status.Phase.HasEnded()))) return;
        _jobs[status.Id] = (status, Next());
    }

    /// <summary>The sweep itself changed: watchers look again.</summary>
    public void Touch() => Next();

    public IReadOnlyList<JobStatus> After(long sequence) =>
        [.. order.Where(id => _jobs.TryGetValue(id, out var job) && job.Sequence > sequence).Select(id => _jobs[id].Status)];

    public SweepPhase Phase(bool paused)
    {
        if (_jobs.Count == order.Count && _jobs.Values.All(job => job.Status.Phase.HasEnded())) return SweepPhase.Ended;
        if (!paused) return SweepPhase.Running;
        return _jobs.Values.All(job => job.Status.Phase.HasEnded() || job.Status.Phase == JobPhase.Paused) ? SweepPhase.Paused : SweepPhase.Pausing;
    }

    private long Next()
    {
        Sequence++;
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
        return Sequence;
    }
}
