namespace StyleClip.Training.Inversion;

/// <summary>The losses of one step of an inversion, before weighting and before its update.</summary>
/// <param name="Step">Index of the step, from 0.</param>
/// <param name="LearningRate">Of this step's update.</param>
/// <param name="Pixels">Mean squared distance of the pixels in [-1, 1].</param>
/// <param name="Identity">Identity distance from the image; null without an identity loss.</param>
/// <param name="Perceptual">Perceptual distance from the image; null without a perceptual loss.</param>
public sealed record InversionReport(int Step, double LearningRate, double Pixels, double? Identity, double? Perceptual = null);
