using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Sweeps;

/// <summary>
/// The newest status of each job of a sweep, numbered by change, so that a watcher can ask for what came after a cursor. Taking over a
/// status costs the same however many jobs there are.
/// </summary>
/// <param name="order">The sweep's jobs.</param>
/// <param name="start">Where numbers begin: above those of earlier boards, so that a cursor of theirs sees everything.</param>
internal sealed class SweepBoard(IReadOnlyList<JobId> order, long start = 0)
{
    private readonly Dictionary<JobId, int> _places = order.Select((id, place) => (id, place)).ToDictionary(job => job.id, job => job.place);
    private readonly Entry?[] _jobs = new Entry?[order.Count];
    private readonly LinkedList<Entry> _byChange = [];
    private readonly int[] _counts = new int[Enum.GetValues<JobPhase>().Length];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Number of the newest change.</summary>
    public long Sequence { get; private set; } = start;

    /// <summary>A start above every number of boards that began earlier: a thousand changes fit into each millisecond of the clock, and the numbers into a double.</summary>
    public static long StartAt(DateTimeOffset now) => now.ToUnixTimeMilliseconds() << 10;

    /// <summary>Ends at the next change.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Newest statuses in the sweep's order; jobs that have not spoken yet are missing.</summary>
    public IEnumerable<JobStatus> Jobs => _jobs.OfType<Entry>().Select(entry => entry.Status);

    /// <summary>Jobs by phase, indexed by <see cref="JobPhase"/>. Changes with the board.</summary>
    public IReadOnlyList<int> Counts => _counts;

    /// <summary>The newest status of the job at this place of the sweep; null where it has not spoken.</summary>
    public JobStatus? At(int place) => _jobs[place]?.Status;

    /// <summary>Takes over a status, unless it is of an older epoch or the job has ended in this one, or says nothing new.</summary>
    public void Post(JobStatus status)
    {
        if (!_places.TryGetValue(status.Id, out int place)) return;
        if (_jobs[place] is { } known)
        {
            JobStatus old = known.Status;
            if (old.Epoch > status.Epoch || (old.Epoch == status.Epoch && old.Phase.HasEnded()) || old == status) return;
            _counts[(int)old.Phase]--;
            _byChange.Remove(known.Node);
        }
        else
        {
            _jobs[place] = known = new Entry(place);
        }

        _counts[(int)status.Phase]++;
        (known.Status, known.Sequence) = (status, Next());
        _byChange.AddLast(known.Node);
    }

    /// <summary>The sweep itself changed: watchers look again.</summary>
    public void Touch() => Next();

    /// <summary>
    /// Jobs that changed after a cursor, in the sweep's order, and the cursor that they lead to: the earliest
    /// <paramref name="limit"/> changes where there are more.
    /// </summary>
    public (IReadOnlyList<JobStatus> Jobs, long Sequence) After(long sequence, int limit)
    {
        var changed = new List<Entry>();
        for (LinkedListNode<Entry>? node = _byChange.Last; node?.Value.Sequence > sequence; node = node.Previous) changed.Add(node.Value);
        bool isAll = changed.Count <= limit;
        if (!isAll) changed.RemoveRange(0, changed.Count - limit);
        long reached = isAll ? Sequence : changed[0].Sequence;
        return ([.. changed.OrderBy(entry => entry.Place).Select(entry => entry.Status)], reached);
    }

    /// <summary>Where the sweep stands. Jobs that were paused one by one stand still like those of a paused sweep.</summary>
    /// <param name="paused">The sweep was asked to pause.</param>
    public SweepPhase Phase(bool paused)
    {
        int ended = _counts.Where((_, phase) => ((JobPhase)phase).HasEnded()).Sum();
        if (ended == order.Count) return SweepPhase.Ended;
        if (ended + _counts[(int)JobPhase.Paused] == order.Count) return SweepPhase.Paused;
        int silent = order.Count - _byChange.Count;
        bool isAtWork = silent + _counts[(int)JobPhase.Pending] + _counts[(int)JobPhase.Running] > 0;
        return paused && !isAtWork ? SweepPhase.Pausing : SweepPhase.Running;
    }

    private long Next()
    {
        Sequence++;
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
        return Sequence;
    }

    private sealed class Entry
    {
        public Entry(int place)
        {
            Place = place;
            Node = new LinkedListNode<Entry>(this);
        }

        public int Place { get; }

        public LinkedListNode<Entry> Node { get; }

        public JobStatus Status { get; set; } = null!;

        public long Sequence { get; set; }
    }
}
