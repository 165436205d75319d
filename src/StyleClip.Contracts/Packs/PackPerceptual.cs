using System.Collections.Immutable;

namespace StyleClip.Contracts.Packs;

/// <summary>Shape of a VGG network whose features say how alike two images look. Its weights have torchvision's keys.</summary>
public sealed record PackPerceptual
{
    /// <summary>The convolutions; features are what leaves the last.</summary>
    public required ImmutableArray<PackPerceptualLayer> Layers { get; init; }

    /// <summary>How it takes images.</summary>
    public PerceptualInput Input { get; init; }

    /// <summary>Larger images are averaged down to this side, pixels, as StyleGAN2's projector does.</summary>
    public int WorkingSize { get; init; } = 256;
}
