using StyleClip.Models.Clip;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

/// <summary>Makes image encoders.</summary>
public static class ImageEncoders
{
    /// <summary>CLIP's image tower behind CLIP's own preparation of 8-bit pictures.</summary>
    /// <param name="clip">Not owned; frozen.</param>
    public static ImageEncoder Clip(ClipModel clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        return pixels => Encode(clip, pixels);
    }

    /// <summary>As <see cref="Clip(ClipModel)"/>, with the preparation of a whole batch on its own device.</summary>
    /// <param name="clip">Not owned; frozen.</param>
    /// <param name="preparation">Not owned.</param>
    public static ImageEncoder Clip(ClipModel clip, DevicePreprocess preparation)
    {
        ArgumentNullException.ThrowIfNull(clip);
        ArgumentNullException.ThrowIfNull(preparation);
        return pixels =>
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable frozen = no_grad();
            return clip.EncodeImage(preparation.Apply(pixels)).MoveToOuterDisposeScope();
        };
    }

    private static Tensor Encode(ClipModel clip, Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        int height = (int)pixels.shape[2], width = (int)pixels.shape[3];
        Tensor rows = pixels.permute(0, 2, 3, 1).contiguous().cpu(); // [B, H, W, 3]
        Tensor[] prepared = new Tensor[rows.shape[0]];
        for (int i = 0; i < prepared.Length; i++)
        {
            ReadOnlySpan<byte> picture = rows.bytes.Slice(i * height * width * 3, height * width * 3);
            prepared[i] = ClipPreprocess.Apply(picture, height, width, clip.Spec.ImageSize);
        }

        return clip.EncodeImage(stack(prepared).to(clip.LogitScale.device)).MoveToOuterDisposeScope();
    }
}
