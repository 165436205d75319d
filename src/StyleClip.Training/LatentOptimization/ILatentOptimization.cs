using static TorchSharp.torch;

namespace StyleClip.Training.LatentOptimization;

/// <summary>One latent on its way towards a text, a step at a time, on the calling thread.</summary>
// L style layers, D style width, C channels of a layer, H W pixels
public interface ILatentOptimization : IDisposable
{
    /// <summary>The image [1, 3, H, W] to compare the result with; owned here.</summary>
    Tensor StartImage { get; }

    /// <summary>All updates to make.</summary>
    int Steps { get; }

    /// <summary>Updates made so far.</summary>
    int StepsDone { get; }

    /// <summary>The current latent, owned here: one tensor [1, L, D] in W+, or [1, C] per style layer in StyleSpace.</summary>
    IReadOnlyList<Tensor> Latents { get; }

    /// <summary>One update.</summary>
    /// <param name="image">The image [1, 3, H, W] that this step's losses were taken on, from the latent before the update; the caller owns it.</param>
    /// <exception cref="InvalidOperationException">All steps have been made.</exception>
    LatentOptimizationReport Step(out Tensor image);

    /// <summary>The losses of the current latent, without an update.</summary>
    /// <param name="image">What <see cref="Synthesize"/> gives for it.</param>
    LatentOptimizationReport Measure(Tensor image);

    /// <summary>The image [1, 3, H, W] of the current latent.</summary>
    Tensor Synthesize();
}
