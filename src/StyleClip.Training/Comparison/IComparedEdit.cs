using static TorchSharp.torch;

namespace StyleClip.Training.Comparison;

// L style layers, D style width

/// <summary>What a method made of a prompt, at work on the latents of a comparison. Called on the device's thread.</summary>
public interface IComparedEdit : IDisposable
{
    /// <summary>The latent after the edit; its tensors are in the caller's dispose scope.</summary>
    /// <param name="index">Number of the latent in the comparison, from 0.</param>
    /// <param name="wPlus">The latent, [1, L, D].</param>
    EditedCode Apply(int index, Tensor wPlus);
}
