using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Tags = System.ReadOnlySpan<System.Collections.Generic.KeyValuePair<string, object?>>;

namespace StyleClip.Gateway.Metrics;

/// <summary>All series of one name, of every instrument that has it.</summary>
internal sealed class MetricFamily
{
    private static readonly double[] SecondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly double[] OtherBuckets = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _series = new(TagsComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series>.AlternateLookup<Tags> _byTags;
    private readonly MetricKind _kind;
    private readonly string _help;
    private readonly bool _isObservable;
    private readonly double[] _bounds;
    private readonly TimeProvider _time;

    private MetricFamily(MetricName name, string help, bool isObservable, double[] bounds, TimeProvider time)
    {
        (Name, _kind, _help, _isObservable, _bounds, _time) = (name.Name, name.Kind, help, isObservable, bounds, time);
        _byTags = _series.GetAlternateLookup<Tags>();
    }

    public string Name { get; }

    /// <summary>The family of an instrument; others of the same name share it.</summary>
    public static MetricFamily Of(Instrument instrument, MetricName name, TimeProvider time) =>
        new(name, instrument.Description ?? "", instrument.IsObservable, name.Kind == MetricKind.Histogram ? Bounds(instrument) : [], time);

    /// <summary>Forgets what observable instruments said when they were read last.</summary>
    public void Begin()
    {
        if (_isObservable) _series.Clear();
    }

    public void Record(double value, Tags tags)
    {
        while (true)
        {
            if (!_byTags.TryGetValue(tags, out Series? series)) series = _series.GetOrAdd(tags.ToArray(), key => new Series(key, _bounds));
            if (series.TryRecord(value, adds: _kind != MetricKind.Gauge && !_isObservable, _time.GetUtcNow())) return;
        }
    }

    /// <summary>Writes every series, and ends those of sweeps and jobs that have not changed since <paramref name="stillSince"/>.</summary>
    public void Write(TextWriter text, DateTimeOffset stillSince)
    {
        foreach (var (key, series) in _series)
            if (series.TryEnd(stillSince)) _series.TryRemove(new(key, series));
        if (_series.IsEmpty) return;
        if (_help.Length > 0) text.Write($"# HELP {Name} {Escape(_help)}\n");
        text.Write($"# TYPE {Name} {(_kind == MetricKind.Sum ? "gauge" : _kind.ToString().ToLowerInvariant())}\n");
        foreach (Series series in _series.Values.OrderBy(series => series.Labels, StringComparer.Ordinal)) series.Write(text, Name);
    }

    private static string Escape(string help) => help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static double[] Bounds(Instrument instrument)
    {
        IEnumerable<double>? advised = instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => bounds,
            Histogram<float> { Advice.HistogramBucketBoundaries: { } bounds } => bounds.Select(bound => (double)bound),
            Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => bounds.Select(bound => (double)bound),
            Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => bounds.Select(bound => (double)bound),
            _ => null,
        };
        return advised is null ? instrument.Unit == "s" ? SecondsBuckets : OtherBuckets : [.. advised];
    }

    /// <summary>One set of labels and what was measured under it.</summary>
    private sealed class Series(KeyValuePair<string, object?>[] tags, double[] bounds)
    {
        private readonly Lock _gate = new();
        private readonly long[] _counts = new long[bounds.Length + 1];
        private readonly bool _canEnd = tags.Any(tag => tag.Key is "sweep" or "job");
        private double _value;
        private long _count;
        private DateTimeOffset _changedAt;
        private bool _hasEnded;

        public string Labels { get; } = string.Join(',', tags
            .Where(tag => tag.Value is not null and not "")
            .Select(tag => $"{MetricName.Word(tag.Key)}=\"{Value(tag.Value!)}\""));

        public bool TryRecord(double value, bool adds, DateTimeOffset now)
        {
            lock (_gate)
            {
                if (_hasEnded) return false;
                _value = adds ? _value + value : value;
                _changedAt = now;
                if (bounds.Length == 0) return true;
                int bucket = Array.BinarySearch(bounds, value);
                _counts[bucket < 0 ? ~bucket : bucket]++;
                _count++;
                return true;
            }
        }

        public bool TryEnd(DateTimeOffset stillSince)
        {
            lock (_gate) return _hasEnded = _canEnd && _changedAt < stillSince;
        }

        public void Write(TextWriter text, string name)
        {
            lock (_gate)
            {
                if (bounds.Length == 0)
                {
                    text.Write(Labels.Length == 0 ? $"{name} {Number(_value)}\n" : $"{name}{{{Labels}}} {Number(_value)}\n");
                    return;
                }

                string prefix = Labels.Length == 0 ? "" : Labels + ",", braces = Labels.Length == 0 ? "" : $"{{{Labels}}}";
                long below = 0;
                for (int i = 0; i < bounds.Length; i++) text.Write($"{name}_bucket{{{prefix}le=\"{Number(bounds[i])}\"}} {below += _counts[i]}\n");
                text.Write($"{name}_bucket{{{prefix}le=\"+Inf\"}} {_count}\n{name}_sum{braces} {Number(_value)}\n{name}_count{braces} {_count}\n");
            }
        }

        private static string Value(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!
            .Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

        private static string Number(double value) =>
            double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "+Inf" : "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
    }
}
