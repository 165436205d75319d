using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Directions;

/// <summary>A table that is being measured. Processes whose requests are equal work on the same table.</summary>
public sealed record DirectionBuildRequest
{
    /// <summary>Digest of the pack's manifest.</summary>
    public required Digest Pack { get; init; }

    /// <summary>How the table is measured.</summary>
    public required DirectionTableSpec Spec { get; init; }

    /// <summary>Device kind of the workers: all of them, so that the table's bytes are those of one kind.</summary>
    public required string DeviceKind { get; init; }

    /// <summary>Build of the workers.</summary>
    public required string Build { get; init; }
}
