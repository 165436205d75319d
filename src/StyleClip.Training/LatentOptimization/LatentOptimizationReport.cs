namespace StyleClip.Training.LatentOptimization;

/// <summary>The losses of one step, before weighting and before its update.</summary>
/// <param name="Step">Index of the step, from 0.</param>
/// <param name="LearningRate">Of this step's update.</param>
/// <param name="Clip">CLIP distance between the image and the text.</param>
/// <param name="Identity">Identity distance from the first image; null without an identity loss.</param>
/// <param name="L2">Squared distance from the starting latent: summed by StyleCLIP.</param>
public sealed record LatentOptimizationReport(int Step, double LearningRate, double Clip, double? Identity, double L2)
{
    /// <summary>Whether every loss is a number.</summary>
    public bool IsFinite => double.IsFinite(Clip) && double.IsFinite(Identity ?? 0) && double.IsFinite(L2);
}
