using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Directions;

/// <summary>One published direction table of a pack: the content of its document in the catalogue. It never changes.</summary>
public sealed record DirectionTableEntry
{
    /// <summary>Name of the table among those of its pack.</summary>
    public required string Name { get; init; }

    /// <summary>Digest of the pack's manifest.</summary>
    public required Digest Pack { get; init; }

    /// <summary>The table's card.</summary>
    public required ArtifactRef Card { get; init; }

    /// <summary>The table.</summary>
    public required ArtifactRef Table { get; init; }

    /// <summary>How it was measured; absent for tables that were imported.</summary>
    public DirectionTableSpec? Spec { get; init; }

    /// <summary>When it was published, UTC.</summary>
    public required DateTimeOffset Published { get; init; }
}
