using static TorchSharp.torch;

namespace StyleClip.Training.Mapping;

/// <summary>The loss terms of a batch, raw means over its latents, and the gradient of their weighted sum.</summary>
/// <param name="Clip">CLIP term, a scalar.</param>
/// <param name="Identity">Identity term, a scalar; null where it is not computed.</param>
/// <param name="LatentL2">Latent term, a scalar.</param>
/// <param name="Gradients">One tensor per parameter, in the order of <see cref="MapperEdit.Parameters"/>.</param>
public sealed record StepGradient(Tensor Clip, Tensor? Identity, Tensor LatentL2, IReadOnlyList<Tensor> Gradients)
{
    /// <summary>Gradient and terms as one vector: the form of <see cref="Training.Gradients.MicroShardGradient.Values"/>.</summary>
    public Tensor Flatten() =>
        cat([.. Gradients.Select(gradient => gradient.reshape(-1)), stack([Clip, Identity ?? zeros_like(Clip), LatentL2])]);
}
