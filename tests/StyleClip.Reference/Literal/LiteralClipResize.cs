using static TorchSharp.torch;

namespace StyleClip.Reference.Literal;

/// <summary>StyleCLIP's way of bringing an image to CLIP's 224 pixels, word for word: 2.4 GB at 1024 pixels.</summary>
public static class LiteralClipResize
{
    /// <summary>Repeats each pixel 7 x 7 times, then pools by size / 32; [B, C, S, S] to [B, C, 224, 224], S a multiple of 32.</summary>
    public static Tensor Apply(Tensor image)
    {
        Tensor enlarged = nn.functional.interpolate(image, scale_factor: [7, 7], mode: InterpolationMode.Nearest);
        return nn.functional.avg_pool2d(enlarged, image.shape[2] / 32);
    }
}
