using StyleClip.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

/// <summary>What one style channel does to the images of the base samples.</summary>
// N samples, E CLIP features, H W pixels
public sealed class ChannelResponse : IDisposable
{
    private const double Tiny = 1e-12; // A channel without effect has no direction: its row is zero, not NaN.

    internal ChannelResponse(StyleChannel channel, Tensor pixels, Tensor features)
    {
        Channel = channel;
        Pixels = pixels.DetachFromDisposeScope();
        Features = features.DetachFromDisposeScope();
    }

    /// <summary>The channel that was moved.</summary>
    public StyleChannel Channel { get; }

    /// <summary>uint8 images [N, 2, 3, H, W]: below the mean first, above it second.</summary>
    public Tensor Pixels { get; }

    /// <summary>CLIP features [N, 2, E] of those images, not normalised.</summary>
    public Tensor Features { get; }

    /// <summary>
    /// The channel's row of a direction table, [E]: mean over the samples of the unit difference of unit features, at unit length.
    /// The caller owns it.
    /// </summary>
    public Tensor ToTableRow() => ToTableRow(Features);

    /// <summary>The table row of features [N, 2, E], below the mean first; a channel without effect gives zeros.</summary>
    public static Tensor ToTableRow(Tensor features)
    {
        Shape.Require(features, nameof(features), -1, 2, -1);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor unit = nn.functional.normalize(features, dim: -1, eps: Tiny);
        Tensor steps = nn.functional.normalize(unit.select(1, 1) - unit.select(1, 0), dim: -1, eps: Tiny); // [N, E]
        return nn.functional.normalize(steps.mean([0]), dim: 0, eps: Tiny).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pixels.Dispose();
        Features.Dispose();
    }
}
