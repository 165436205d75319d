using StyleClip.Node;

namespace StyleClip.Cli.Running;

/// <summary>What a command that works on sweeps in this process was asked for.</summary>
internal sealed record RunRequest
{
    /// <summary>The spec of the sweep or the comparison.</summary>
    public required string SpecFile { get; init; }

    public required string StoreDirectory { get; init; }

    public required OutputForm Output { get; init; }

    public required int? MetricsPort { get; init; }

    public required DeviceChoice Device { get; init; }

    public required int Devices { get; init; }

    public required int ThreadsPerDevice { get; init; }

    public required bool Verbose { get; init; }
}
