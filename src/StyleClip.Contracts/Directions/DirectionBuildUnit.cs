using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Directions;

/// <summary>A part of a table: not begun, claimed, or done.</summary>
public sealed record DirectionBuildUnit
{
    /// <summary>Its numbers, once they are in the store.</summary>
    public ArtifactRef? Artifact { get; init; }

    /// <summary>Who measures it; absent where nobody does or it is done.</summary>
    public string? Holder { get; init; }

    /// <summary>When the holder last said that it is at work, UTC; a claim that is not renewed expires.</summary>
    public DateTimeOffset? Renewed { get; init; }

    /// <summary>Seconds that a device spent on it, once it is done; absent for units that were done before seconds were kept.</summary>
    public double? Seconds { get; init; }
}
