namespace StyleClip.Training.LatentOptimization;

/// <summary>The losses of one step, before weighting and before its update.</summary>
/// <param name="Step">Index of the step, from 0; the number of steps where it measures what they made.</param>
/// <param name="LearningRate">Of this step's update.</param>
/// <param name="Clip">CLIP distance between the image and the text.</param>
/// <param name="Identity">Identity distance from the first image; null without an identity loss.</param>
/// <param name="L2">Squared distance from the starting latent: summed by StyleCLIP, its mean by TediGAN.</param>
/// <param name="Objective">Weighted sum of the losses.</param>
/// <param name="GradientNorm">Euclidean norm of the objective's gradient; null where there was no update.</param>
/// <param name="Pixels">Mean squared distance of the pixels from the image that is edited; null where it is no term.</param>
/// <param name="Perceptual">Perceptual distance from the image that is edited; null where it is no term.</param>
public sealed record LatentOptimizationReport(
    int Step, double LearningRate, double Clip, double? Identity, double L2, double Objective, double? GradientNorm, double? Pixels = null, double? Perceptual = null)
{
    /// <summary>Whether every loss and the gradient are numbers.</summary>
    public bool IsFinite => double.IsFinite(Clip) && double.IsFinite(Identity ?? 0) && double.IsFinite(L2) && double.IsFinite(Pixels ?? 0) && double.IsFinite(Perceptual ?? 0)
        && double.IsFinite(Objective) && double.IsFinite(GradientNorm ?? 0);
}
