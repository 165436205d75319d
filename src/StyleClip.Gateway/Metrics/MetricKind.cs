namespace StyleClip.Gateway.Metrics;

/// <summary>What becomes of measurements.</summary>
internal enum MetricKind
{
    /// <summary>They add up, and only grow.</summary>
    Counter,

    /// <summary>They add up, and may shrink.</summary>
    Sum,

    /// <summary>The newest counts.</summary>
    Gauge,

    /// <summary>They are counted by size.</summary>
    Histogram,
}
