using System.Net;

namespace StyleClip.Gateway.Metrics;

/// <summary>Settings of a process's metrics endpoint.</summary>
public sealed record MetricsOptions
{
    /// <summary>Address to listen on.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    public required int Port { get; init; }

    /// <summary>How long series of a job or a sweep are shown after its end.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(1);
}
