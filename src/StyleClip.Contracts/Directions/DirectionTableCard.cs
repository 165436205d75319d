using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Directions;

/// <summary>What a direction table says of itself. It never changes.</summary>
public sealed record DirectionTableCard
{
    /// <summary>Name of the table among those of its pack, <c>[a-z0-9._-]</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The pack whose generator and CLIP model it belongs to.</summary>
    public required CardPack Pack { get; init; }

    /// <summary>The table: safetensors with <c>rows</c> [R, E] and <c>means.i</c>, <c>deviations.i</c> of each style layer.</summary>
    public required ArtifactRef Table { get; init; }

    /// <summary>Rows: channels of the layers that are not ToRGB, in StyleSpace order.</summary>
    public required int Rows { get; init; }

    /// <summary>Width of a row: CLIP's joint embedding.</summary>
    public required int Features { get; init; }

    /// <summary>How it was measured; absent for tables that were imported.</summary>
    public DirectionTableSpec? Spec { get; init; }

    /// <summary>Device kind that measured it; absent for tables that were imported.</summary>
    public string? DeviceKind { get; init; }

    /// <summary>Build that measured it; absent for tables that were imported.</summary>
    public string? Build { get; init; }

    /// <summary>The files that it was imported from; absent for tables that were measured here.</summary>
    public IReadOnlyList<FileOrigin>? Origins { get; init; }
}
