using System.Collections.Immutable;

namespace StyleClip.Contracts.Packs;

/// <summary>Shape of a StyleGAN2 generator.</summary>
public sealed record PackGenerator
{
    /// <summary>Height and width of its images in pixels, a power of two.</summary>
    public required int Size { get; init; }

    /// <summary>Length of z and w.</summary>
    public required int StyleDim { get; init; }

    /// <summary>Layers that map z to w.</summary>
    public required int MappingLayers { get; init; }

    /// <summary>Channels at each resolution 4, 8, ..., <see cref="Size"/>.</summary>
    public required ImmutableSortedDictionary<int, int> Channels { get; init; }
}
