using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Scheduling;

/// <summary>
/// Jobs that wait for a device. Tickets that want the same stand in one line, in the order they came, so that a decision looks at the
/// heads of a few lines instead of at thousands of tickets.
/// </summary>
internal sealed class TicketQueue
{
    private readonly Dictionary<LineKey, Line> _lines = [];
    private readonly Dictionary<JobKey, LinkedListNode<Waiting>> _waiting = [];
    private long _arrivals;

    public int Count => _waiting.Count;

    public IEnumerable<Line> Lines => _lines.Values;

    public bool Contains(JobKey job) => _waiting.ContainsKey(job);

    /// <summary>Adds a ticket; one whose job waits already keeps its place.</summary>
    public void Add(JobTicket ticket, DateTimeOffset now)
    {
        DateTimeOffset since = now;
        if (_waiting.TryGetValue(ticket.Job, out LinkedListNode<Waiting>? known))
        {
            since = known.Value.Since;
            if (LineKey.Of(ticket) == LineKey.Of(known.Value.Ticket))
            {
                known.Value = known.Value with { Ticket = ticket };
                return;
            }

            Remove(ticket.Job);
        }

        LineKey key = LineKey.Of(ticket);
        if (!_lines.TryGetValue(key, out Line? line)) _lines[key] = line = new Line(key);
        _waiting[ticket.Job] = line.Tickets.AddLast(new Waiting(ticket, since, _arrivals++));
    }

    public bool Remove(JobKey job)
    {
        if (!_waiting.Remove(job, out LinkedListNode<Waiting>? waiting)) return false;
        LineKey key = LineKey.Of(waiting.Value.Ticket);
        Line line = _lines[key];
        line.Tickets.Remove(waiting);
        if (line.Count == 0) _lines.Remove(key);
        return true;
    }

    /// <summary>What all tickets of a line have in common.</summary>
    internal readonly record struct LineKey(string Sweep, int Priority, string? DeviceKind)
    {
        public static LineKey Of(JobTicket ticket) => new(ticket.Job.Sweep, ticket.Priority, ticket.DeviceKind);
    }

    /// <summary>A ticket and when it came.</summary>
    internal readonly record struct Waiting(JobTicket Ticket, DateTimeOffset Since, long Arrival);

    /// <summary>Tickets that want the same; never empty while it is in the queue.</summary>
    internal sealed class Line(LineKey key)
    {
        public LineKey Key => key;

        public LinkedList<Waiting> Tickets { get; } = [];

        public Waiting Head => Tickets.First!.Value;

        public int Count => Tickets.Count;
    }
}
