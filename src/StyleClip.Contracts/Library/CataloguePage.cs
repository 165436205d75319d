namespace StyleClip.Contracts.Library;

/// <summary>A part of the catalogue, in ordinal order of the slugs.</summary>
public sealed record CataloguePage
{
    /// <summary>The entries.</summary>
    public required IReadOnlyList<CatalogueEntry> Items { get; init; }

    /// <summary>Ask for entries after this slug to go on; absent at the end of the catalogue.</summary>
    public string? Next { get; init; }
}
