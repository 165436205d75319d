using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Parity;

/// <summary>The fixed low-pass kernels of a StyleGAN2 generator, as its files carry them.</summary>
public static class BlurKernel
{
    /// <summary>Outer product of 1, 3, 3, 1 with sum 4: every kernel of the generator belongs to an upsampling layer.</summary>
    public static Tensor Of(string key)
    {
        if (!key.EndsWith(".kernel", StringComparison.Ordinal)) throw new ArgumentException($"'{key}' is no blur kernel.", nameof(key));
        using DisposeScope scope = NewDisposeScope();
        Tensor taps = tensor([1f, 3f, 3f, 1f]);
        return outer(taps, taps).div(16).MoveToOuterDisposeScope();
    }
}
