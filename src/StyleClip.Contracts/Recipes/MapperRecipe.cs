namespace StyleClip.Contracts.Recipes;

/// <summary>The mapper to train (StyleCLIP, section 5).</summary>
public sealed record MapperRecipe
{
    /// <summary>Network family.</summary>
    public MapperKind Kind { get; init; } = MapperKind.Levels;

    /// <summary>Levels that get a mapper, for <see cref="MapperKind.Levels"/>; the others leave their rows unchanged.</summary>
    public Levels Levels { get; init; } = Levels.All;

    /// <summary>First style layer of the medium level. 4 in the published code.</summary>
    public int CoarseEnd { get; init; } = 4;

    /// <summary>First style layer of the fine level. 8 in the published code.</summary>
    public int MediumEnd { get; init; } = 8;

    /// <summary>Equalised linear layers per mapper. 4 in the published code.</summary>
    public int Depth { get; init; } = 4;

    /// <summary>Axis of the pixel norm at the mapper's head. The published code normalises over the layers of a level.</summary>
    public PixelNormAxis PixelNormAxis { get; init; } = PixelNormAxis.Feature;

    /// <summary>Factor on the mapper's output before it is added to the latent. 0.1 in the published code.</summary>
    public double Strength { get; init; } = 0.1;
}
