using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.LatentOptimization;

/// <summary>The terms of a latent optimisation's objective, scalars; <see cref="Total"/> is their weighted sum.</summary>
internal sealed record LatentLosses(Tensor Clip, Tensor? Identity, Tensor L2, Tensor? Pixels, Tensor Total, Tensor? Perceptual = null)
{
    public LatentOptimizationReport Report(int step, double learningRate, double? gradientNorm) => new(
        step, learningRate, Clip.ToDouble(), Identity?.ToDouble(), L2.ToDouble(), Total.ToDouble(), gradientNorm, Pixels?.ToDouble(), Perceptual?.ToDouble());

    /// <summary>Euclidean norm over all gradients.</summary>
    public static double Norm(IEnumerable<Tensor> gradients) => stack([.. gradients.Select(gradient => gradient.norm())]).norm().ToDouble();
}
