namespace StyleClip.Contracts.Comparisons;

/// <summary>A way to edit images by text that a comparison can have a column for.</summary>
public enum ComparisonMethod
{
    /// <summary>A latent mapper, trained once for the prompt (StyleCLIP, section 5).</summary>
    Mapper,

    /// <summary>A global direction in StyleSpace, found with a direction table (StyleCLIP, section 6).</summary>
    Direction,

    /// <summary>Latent optimisation in W+, one latent after the other (StyleCLIP, section 4).</summary>
    Optimization,

    /// <summary>Latent optimisation of the style vectors.</summary>
    OptimizationInStyleSpace,

    /// <summary>The baseline: TediGAN's optimisation with CLIP.</summary>
    TediGan,
}
