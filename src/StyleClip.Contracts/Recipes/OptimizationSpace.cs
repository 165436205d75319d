namespace StyleClip.Contracts.Recipes;

/// <summary>What latent optimisation changes.</summary>
public enum OptimizationSpace
{
    /// <summary>The code in W+.</summary>
    WPlus,

    /// <summary>The style vectors, those of the to-RGB layers left as they are.</summary>
    StyleSpace,
}
