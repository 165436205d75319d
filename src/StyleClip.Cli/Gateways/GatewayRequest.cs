using System.Net;
using StyleClip.Gateway.Metrics;

namespace StyleClip.Cli.Gateways;

/// <summary>What <c>styleclip gateway</c> was asked for.</summary>
internal sealed record GatewayRequest
{
    public required string Store { get; init; }

    public required string ClusterId { get; init; }

    public required IPAddress Listen { get; init; }

    public required int Port { get; init; }

    public required MetricsOptions? Metrics { get; init; }

    public required string? RedisConnection { get; init; }

    public required bool Verbose { get; init; }
}
