namespace StyleClip.Training.Inversion;

/// <summary>How one image is projected to W+.</summary>
public sealed record InversionOptions
{
    /// <summary>Number of updates; the learning rate rises and falls over them.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>Adam's largest learning rate.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Weight of the mean squared distance of the pixels in [-1, 1].</summary>
    public double LambdaPixels { get; init; } = 1;

    /// <summary>Weight of the identity loss; 0 leaves the identity network out.</summary>
    public double LambdaId { get; init; } = 0.05;

    /// <summary>Weight of the perceptual loss, TediGAN's; 0 leaves the perceptual network out.</summary>
    public double LambdaPerceptual { get; init; } = 5e-5;

    /// <summary>
    /// Noise on the latent at the first step, in deviations of the generator's w; it falls to 0 over the first three quarters
    /// (StyleGAN2, appendix D, has 0.05).
    /// </summary>
    public double Noise { get; init; } = 0.05;

    /// <summary>Seed of the noise.</summary>
    public long Seed { get; init; }
}
