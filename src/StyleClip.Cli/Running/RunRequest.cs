using StyleClip.Node;

namespace StyleClip.Cli.Running;

/// <summary>What <c>styleclip run</c> was asked for.</summary>
internal sealed record RunRequest
{
    public required string SweepFile { get; init; }

    public required string StoreDirectory { get; init; }

    public required OutputForm Output { get; init; }

    public required int? MetricsPort { get; init; }

    public required DeviceChoice Device { get; init; }

    public required int Devices { get; init; }

    public required int ThreadsPerDevice { get; init; }

    public required bool Verbose { get; init; }
}
