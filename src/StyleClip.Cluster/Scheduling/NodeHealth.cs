namespace StyleClip.Cluster.Scheduling;

/// <summary>
/// Which nodes fail too often. A node that fails three times within ten minutes without a success in between gets no work for five minutes;
/// each time again twice as long, at most an hour, until a success.
/// </summary>
internal sealed class NodeHealth
{
    public const int Failures = 3;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan FirstExclusion = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan LongestExclusion = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Record> _records = new(StringComparer.Ordinal);

    /// <summary>Until when a node is excluded, and why; null where it is not.</summary>
    public (DateTimeOffset Until, string Reason)? ExclusionOf(string node, DateTimeOffset now) =>
        _records.TryGetValue(node, out Record? record) && record.Until > now ? (record.Until, record.Reason) : null;

    /// <param name="node">The node that failed.</param>
    /// <param name="reason">What it said.</param>
    /// <param name="nodes">Nodes that there are. Half of them are never excluded: where most nodes fail, the work is to blame.</param>
    /// <param name="now">The time.</param>
    public void Failed(string node, string reason, int nodes, DateTimeOffset now)
    {
        if (!_records.TryGetValue(node, out Record? record)) _records[node] = record = new Record();
        if (record.Until > now) return;
        record.Failures.RemoveAll(at => at < now - Window);
        record.Failures.Add(now);
        if (record.Failures.Count < Failures) return;
        if ((_records.Values.Count(other => other.Until > now) + 1) * 2 > nodes) return;
        TimeSpan exclusion = TimeSpan.FromTicks(Math.Min(FirstExclusion.Ticks << Math.Min(record.Exclusions, 10), LongestExclusion.Ticks));
        record.Until = now + exclusion;
        record.Exclusions++;
        record.Reason = $"{record.Failures.Count} failures within {Window.TotalMinutes:0} min, the last: {reason}";
        record.Failures.Clear();
    }

    public void Succeeded(string node) => _records.Remove(node);

    private sealed class Record
    {
        public List<DateTimeOffset> Failures { get; } = [];

        public DateTimeOffset Until { get; set; }

        public int Exclusions { get; set; }

        public string Reason { get; set; } = "";
    }
}
