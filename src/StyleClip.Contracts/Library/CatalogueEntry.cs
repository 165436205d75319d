namespace StyleClip.Contracts.Library;

/// <summary>Everything that was published for one prompt.</summary>
public sealed record CatalogueEntry
{
    /// <summary>The prompt as a name.</summary>
    public required string Slug { get; init; }

    /// <summary>The prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>The versions 1 to n in order; at least one.</summary>
    public required IReadOnlyList<CatalogueVersion> Versions { get; init; }

    /// <summary>Number of the newest version.</summary>
    public int Latest => Versions[^1].Number;
}
