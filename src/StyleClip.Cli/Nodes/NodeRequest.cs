using System.Net;
using StyleClip.Gateway.Metrics;
using StyleClip.Node;

namespace StyleClip.Cli.Nodes;

/// <summary>What <c>styleclip node</c> was asked for.</summary>
internal sealed record NodeRequest
{
    public required string Store { get; init; }

    public required string ClusterId { get; init; }

    public required string Name { get; init; }

    public required DeviceChoice Device { get; init; }

    public required int Devices { get; init; }

    public required int ThreadsPerDevice { get; init; }

    public required IPAddress Listen { get; init; }

    public required int? SiloPort { get; init; }

    public required int? GatewayPort { get; init; }

    public required MetricsOptions? Metrics { get; init; }

    public required string? RedisConnection { get; init; }

    public required string CacheDirectory { get; init; }

    /// <summary>Longest time that a termination signal may take to be obeyed.</summary>
    public required TimeSpan DrainLimit { get; init; }

    public required bool Verbose { get; init; }
}
