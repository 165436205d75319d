namespace StyleClip.Training.Baselines;

/// <summary>Where TediGAN's optimisation starts.</summary>
public enum TediGanStart
{
    /// <summary>The mean latent, as published.</summary>
    Mean,

    /// <summary>The code of the image that is edited.</summary>
    Code,
}
