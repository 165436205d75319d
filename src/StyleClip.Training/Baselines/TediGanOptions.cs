namespace StyleClip.Training.Baselines;

/// <summary>TediGAN's CLIP optimisation with its constants (TediGAN's repository, variant <c>ext</c>).</summary>
public sealed record TediGanOptions
{
    /// <summary>Number of updates; the learning rate rises and falls over them as StyleCLIP's. Published: 200.</summary>
    public int Steps { get; init; } = 200;

    /// <summary>Adam's largest learning rate.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Weight of the mean squared distance of the pixels from the image that is edited.</summary>
    public double LambdaPixels { get; init; } = 1;

    /// <summary>Weight of the mean squared distance of the latent from where it started.</summary>
    public double LambdaLatent { get; init; } = 2;

    /// <summary>Weight of the CLIP distance.</summary>
    public double LambdaClip { get; init; } = 1;

    /// <summary>Weight of the perceptual distance from the image that is edited; without effect where there is no such network.</summary>
    public double LambdaPerceptual { get; init; } = 5e-5;

    /// <summary>Where the latent starts.</summary>
    public TediGanStart Start { get; init; } = TediGanStart.Mean;
}
