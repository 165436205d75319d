using StyleClip.Contracts.Packs;

namespace StyleClip.Models.Packs.Import;

/// <summary>What a pack is to be made of.</summary>
public sealed record PackImport
{
    /// <summary>Name of the pack, 1 to 64 of <c>[a-z0-9-]</c>.</summary>
    public required string Name { get; init; }

    /// <summary>File with a StyleGAN2 generator.</summary>
    public required string Generator { get; init; }

    /// <summary>File with a CLIP model.</summary>
    public required string Clip { get; init; }

    /// <summary>File with an identity network; null for packs whose images are not of faces.</summary>
    public string? Identity { get; init; }

    /// <summary>File with a VGG network that says how alike images look; null for none.</summary>
    public string? Perceptual { get; init; }

    /// <summary>How that network takes images.</summary>
    public PerceptualInput PerceptualInput { get; init; }

    /// <summary>What the pack shows, for people; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>Terms of the networks; null to say that those of their sources apply.</summary>
    public string? Licence { get; init; }

    /// <summary>Seed of what a file may lack: noise images and the mean latent.</summary>
    public long Seed { get; init; }

    /// <summary>Truncation at which the generator's pictures are at their best, greater than 0, at most 1.</summary>
    public double Truncation { get; init; } = 0.7;
}
