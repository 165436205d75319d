using System.Diagnostics.Metrics;

namespace StyleClip.Gateway.Metrics;

/// <summary>How Prometheus names an instrument: words joined by '_', the unit as a plural suffix, <c>_total</c> after a counter.</summary>
internal sealed record MetricName(string Name, MetricKind Kind)
{
    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["By"] = "bytes",
        ["%"] = "percent",
        ["1"] = "ratio",
    };

    /// <summary>The instrument's name; null where it is of a kind that has no counterpart.</summary>
    public static MetricName? Of(Instrument instrument)
    {
        if (KindOf(instrument) is not { } kind) return null;
        string name = Word(instrument.Name);
        if (Unit(instrument.Unit) is { } unit && !name.EndsWith("_" + unit, StringComparison.Ordinal)) name += "_" + unit;
        if (kind == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal)) name += "_total";
        return new MetricName(name, kind);
    }

    /// <summary>A name of letters, digits and single '_'.</summary>
    public static string Word(string name)
    {
        if (name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) return name;
        IEnumerable<string> words = new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]).Split('_', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('_', words);
    }

    // "{step}" says what is counted; it is no unit.
    private static string? Unit(string? unit) => string.IsNullOrEmpty(unit) || unit[0] == '{' ? null : Units.GetValueOrDefault(unit) ?? Word(unit);

    private static MetricKind? KindOf(Instrument instrument)
    {
        Type type = instrument.GetType();
        if (!type.IsGenericType) return null;
        type = type.GetGenericTypeDefinition();
        if (type == typeof(Counter<>) || type == typeof(ObservableCounter<>)) return MetricKind.Counter;
        if (type == typeof(Histogram<>)) return MetricKind.Histogram;
        if (type == typeof(UpDownCounter<>)) return MetricKind.Sum;
        return type == typeof(Gauge<>) || type == typeof(ObservableGauge<>) || type == typeof(ObservableUpDownCounter<>) ? MetricKind.Gauge : null;
    }
}
