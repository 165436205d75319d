using static TorchSharp.torch;

namespace StyleClip.Reference.Literal;

/// <summary>The identity loss's cut of a face with PyTorch's own pooling.</summary>
public static class LiteralFaceCrop
{
    /// <summary>[B, 3, H, W] to [B, 3, 112, 112].</summary>
    public static Tensor Apply(Tensor image)
    {
        Tensor working = image.shape[2] == 256 ? image : nn.functional.adaptive_avg_pool2d(image, [256L, 256L]);
        return nn.functional.adaptive_avg_pool2d(working[.., .., 35..223, 32..220], [112L, 112L]);
    }
}
