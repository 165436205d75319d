using System.Collections.Immutable;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.StyleGan2;

namespace StyleClip.Models.Mappers;

/// <summary>The shape of a latent mapper.</summary>
public sealed record MapperSpec
{
    /// <summary>The form of the mapper.</summary>
    public MapperKind Kind { get; init; } = MapperKind.Levels;

    /// <summary>The levels that a <see cref="MapperKind.Levels"/> mapper changes; other kinds ignore it.</summary>
    public Levels Levels { get; init; } = Levels.All;

    /// <summary>Length of a row of W+.</summary>
    public int StyleDim { get; init; } = 512;

    /// <summary>Number of rows of W+.</summary>
    public required int StyleLayers { get; init; }

    /// <summary>Width of every vector of style space; needed by the style-space kinds alone.</summary>
    public ImmutableArray<int> StyleWidths { get; init; } = [];

    /// <summary>Which vectors of style space feed a to-RGB layer; needed by the style-space kinds alone.</summary>
    public ImmutableArray<bool> StyleIsToRgb { get; init; } = [];

    /// <summary>The coarse level has the rows 0 to here (exclusive). 4 in the published code.</summary>
    public int CoarseEnd { get; init; } = 4;

    /// <summary>The medium level has the rows from <see cref="CoarseEnd"/> to here (exclusive), the fine level the rest. 8 in the published code.</summary>
    public int MediumEnd { get; init; } = 8;

    /// <summary>Number of linear layers of each sub-network. 4 in the published code.</summary>
    public int Depth { get; init; } = 4;

    /// <summary>What the pixel norm at the head of each sub-network averages over. Vectors of style space have features alone.</summary>
    public PixelNormAxis PixelNormAxis { get; init; } = PixelNormAxis.Layer;

    /// <summary>The spec of a mapper for a generator, with the published settings.</summary>
    /// <param name="generator">The generator whose latents are mapped.</param>
    /// <param name="kind">The form of the mapper.</param>
    public static MapperSpec For(GeneratorSpec generator, MapperKind kind = MapperKind.Levels)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new MapperSpec
        {
            Kind = kind,
            StyleDim = generator.StyleDim,
            StyleLayers = generator.StyleLayers,
            StyleWidths = generator.StyleWidths,
            StyleIsToRgb = generator.StyleIsToRgb,
        };
    }

    /// <summary>Returns this spec if it describes a possible mapper.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public MapperSpec Validated()
    {
        if (StyleDim < 1 || Depth < 1)
            throw new ArgumentException($"StyleDim is {StyleDim} and Depth is {Depth}; both must be at least 1.");
        if (Kind == MapperKind.Levels && (CoarseEnd < 1 || MediumEnd <= CoarseEnd || StyleLayers <= MediumEnd))
            throw new ArgumentException($"CoarseEnd {CoarseEnd}, MediumEnd {MediumEnd} and StyleLayers {StyleLayers} must rise from 1, so that each level has a row.");
        if (Kind is MapperKind.FullStyleSpace or MapperKind.StyleSpaceWithoutToRgb
            && (StyleWidths.Length == 0 || StyleWidths.Length != StyleIsToRgb.Length))
            throw new ArgumentException($"StyleWidths has {StyleWidths.Length} and StyleIsToRgb {StyleIsToRgb.Length} entries; a style-space mapper needs one of each per style vector.");
        return this;
    }
}
