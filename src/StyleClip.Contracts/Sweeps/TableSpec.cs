using StyleClip.Contracts.Directions;

namespace StyleClip.Contracts.Sweeps;

/// <summary>A direction table of the sweep's pack that a sweep measures.</summary>
public sealed record TableSpec
{
    /// <summary>Name of the table among those of its pack, <c>[a-z0-9._-]</c>, at most 60 characters; by default made of its options.</summary>
    public required string Name { get; init; }

    /// <summary>How it is measured. In a spec its fields stand beside the name.</summary>
    public required DirectionTableSpec Spec { get; init; }
}
