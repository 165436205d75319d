using SkiaSharp;
using StyleClip.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Pictures;

// H W pixels

/// <summary>One image as a PNG at its full size.</summary>
public static class PngPicture
{
    /// <summary>Rounds an image to 8-bit pixels and encodes it. The same image gives the same bytes.</summary>
    /// <param name="image">[1, 3, H, W], about [-1, 1]; what lies outside is clamped.</param>
    public static byte[] Encode(Tensor image)
    {
        Shape.Require(image, nameof(image), 1, 3, -1, -1);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        (int height, int width) = ((int)image.shape[2], (int)image.shape[3]);
        Tensor levels = ((image[0] + 1) * 127.5).round().clamp(0, 255).to(ScalarType.Byte, CPU);
        Tensor opaque = full([1, height, width], byte.MaxValue, ScalarType.Byte);
        using SKBitmap picture = new(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        cat([levels, opaque]).permute(1, 2, 0).contiguous().bytes.CopyTo(picture.GetPixelSpan()); // [H, W, 4]
        using SKData data = picture.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }
}
