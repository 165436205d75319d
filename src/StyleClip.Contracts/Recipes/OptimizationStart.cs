namespace StyleClip.Contracts.Recipes;

/// <summary>Where TediGAN's optimisation starts.</summary>
public enum OptimizationStart
{
    /// <summary>The mean latent, as published.</summary>
    Mean,

    /// <summary>The code of the image that is edited.</summary>
    Code,
}
