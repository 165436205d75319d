using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Packs;

/// <summary>A pack that sweeps can name.</summary>
public sealed record PackSummary
{
    /// <summary>Name of the pack.</summary>
    public required string Name { get; init; }

    /// <summary>Digest of the manifest that the name stands for now.</summary>
    public required Digest Digest { get; init; }

    /// <summary>What the pack shows and where it comes from.</summary>
    public string? Description { get; init; }

    /// <summary>Terms of its networks.</summary>
    public required string Licence { get; init; }

    /// <summary>Height and width of its images in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>True where it has an identity network.</summary>
    public required bool HasIdentity { get; init; }

    /// <summary>Truncation at which the generator's pictures are at their best.</summary>
    public double Truncation { get; init; } = 0.7;

    /// <summary>The summary of a pack.</summary>
    /// <param name="name">The name that stands for it.</param>
    /// <param name="digest">Digest of the manifest.</param>
    /// <param name="manifest">The manifest.</param>
    public static PackSummary Of(string name, Digest digest, PackManifest manifest) => new()
    {
        Name = name,
        Digest = digest,
        Description = manifest.Description,
        Licence = manifest.Licence,
        ImageSize = manifest.Generator.Size,
        HasIdentity = manifest.Identity is not null,
        Truncation = manifest.Truncation,
    };
}
