namespace StyleClip.Contracts.Recipes;

/// <summary>Whose latent optimisation.</summary>
public enum OptimizationKind
{
    /// <summary>The paper's (StyleCLIP, section 4).</summary>
    StyleClip,

    /// <summary>The baseline's: TediGAN's optimisation with CLIP, variant <c>ext</c>, which also rebuilds the picture's pixels.</summary>
    TediGan,
}
