using StyleClip.Cli.Running;
using StyleClip.Contracts.Directions;
using StyleClip.Node;

namespace StyleClip.Cli.Directions;

/// <summary>What a <c>styleclip directions build</c> was asked for.</summary>
internal sealed record DirectionBuildOptions
{
    public required string Pack { get; init; }

    public required string Store { get; init; }

    /// <summary>How the table is measured, for a pack of this truncation.</summary>
    public required Func<double, DirectionTableSpec> Spec { get; init; }

    public required int RangeSize { get; init; }

    /// <summary>Name of the table; null for one made of its options.</summary>
    public required string? Name { get; init; }

    public required DeviceChoice Device { get; init; }

    public required int Devices { get; init; }

    public required int ThreadsPerDevice { get; init; }

    public required OutputForm Output { get; init; }
}
