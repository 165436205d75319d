namespace StyleClip.Training.LatentOptimization;

/// <summary>How one latent code is optimised towards a text.</summary>
public sealed record LatentOptimizationOptions
{
    /// <summary>Number of updates; the learning rate rises and falls over them. Published: 300.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>Adam's largest learning rate, reached after a twentieth of the steps.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Weight of the squared distance from the starting latent, summed over all its elements.</summary>
    public double LambdaL2 { get; init; } = 0.008;

    /// <summary>Weight of the identity loss; 0 leaves the identity network out.</summary>
    public double LambdaId { get; init; }
}
