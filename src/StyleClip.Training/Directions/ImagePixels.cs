using StyleClip.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

/// <summary>Turns generator images into 8-bit pixels.</summary>
public static class ImagePixels
{
    /// <summary>[-1, 1] to 0..255: clamped, then cut (not rounded), as the published channel study does.</summary>
    /// <param name="images">[B, 3, H, W].</param>
    /// <returns>uint8, same shape.</returns>
    public static Tensor Truncate(Tensor images)
    {
        Shape.Require(images, nameof(images), -1, 3, -1, -1);
        using DisposeScope scope = NewDisposeScope();
        return images.detach().add(1).mul(127.5).clamp(0, 255).to(ScalarType.Byte).MoveToOuterDisposeScope();
    }
}
