using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

// B batch, C channels, H W pixels.

/// <summary>
/// A synthesis that stands before one style layer: what all earlier layers have made. Many edits of that layer and of later ones can go on
/// from it. Owns its tensors.
/// </summary>
public sealed class SynthesisPrefix : IDisposable
{
    internal SynthesisPrefix(int layer, Tensor features, Tensor? image)
    {
        Layer = layer;
        Features = features.DetachFromDisposeScope();
        Image = image?.DetachFromDisposeScope();
    }

    /// <summary>Index of the style layer that comes next, ToRGB layers counted.</summary>
    public int Layer { get; }

    internal Tensor Features { get; } // [B, C, H, W], or [1, C, 4, 4] before the first layer

    internal Tensor? Image { get; } // [B, 3, H, W] of the layers so far

    /// <inheritdoc/>
    public void Dispose()
    {
        Features.Dispose();
        Image?.Dispose();
    }
}
