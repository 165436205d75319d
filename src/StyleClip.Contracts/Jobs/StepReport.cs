namespace StyleClip.Contracts.Jobs;

/// <summary>What one training step measured. Loss terms are raw (unweighted) means over the global batch, taken before the update.</summary>
public sealed record StepReport
{
    /// <summary>Updates done, counted from 1; of all latents, where they are optimised one after the other.</summary>
    public required int Step { get; init; }

    /// <summary>Updates that the recipe asks for.</summary>
    public required int StepsTarget { get; init; }

    /// <summary>CLIP term.</summary>
    public required double ClipLoss { get; init; }

    /// <summary>Identity term: 1 - mean cosine; absent where it is not computed.</summary>
    public double? IdentityLoss { get; init; }

    /// <summary>Latent term: mean square of the offset; its sum where an optimisation of StyleCLIP takes the step.</summary>
    public required double LatentL2Loss { get; init; }

    /// <summary>Weighted sum; with the pixel term where an optimisation of TediGAN takes the step.</summary>
    public required double Objective { get; init; }

    /// <summary>Euclidean norm of the gradient over all parameters.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Step size used.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Seconds that the step took.</summary>
    public required double Seconds { get; init; }
}
