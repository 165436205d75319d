namespace StyleClip.Contracts.Recipes;

/// <summary>The axis over which the pixel norm at a mapper's head divides by the root mean square.</summary>
public enum PixelNormAxis
{
    /// <summary>
    /// The rows of the level, for an input [B, L, D]. The published code does this, and published mappers need it.
    /// A latent whose rows are all equal then becomes its sign.
    /// </summary>
    Layer,

    /// <summary>The features of each row.</summary>
    Feature,
}
