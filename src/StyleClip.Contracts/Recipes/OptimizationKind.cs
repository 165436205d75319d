namespace StyleClip.Contracts.Recipes;

/// <summary>Which latent optimisation.</summary>
public enum OptimizationKind
{
    /// <summary>The paper's (StyleCLIP, section 4).</summary>
    StyleClip,

    /// <summary>The baseline's: TediGAN's optimisation with CLIP, variant <c>ext</c>, which also rebuilds the picture's pixels.</summary>
    TediGan,

    /// <summary>
    /// The paper's free generation (StyleCLIP, section 4; upstream <c>optimization/run_optimization.py</c>, mode <c>free_generation</c>): a
    /// picture of the text, from the mean latent by the CLIP term alone. It edits nothing, so that there is one latent.
    /// </summary>
    Free,
}
