using System.Runtime.InteropServices;
using StyleClip.Models.Resampling;
using static TorchSharp.torch;

namespace StyleClip.Models.Clip;

/// <summary>
/// CLIP's own preparation of an 8-bit picture, bit for bit: bicubic resize of the short side, centre crop, [0, 1], channel means and
/// deviations. Nothing is differentiable here; <see cref="Losses.ClipLoss"/> does its preparation on tensors.
/// </summary>
public static class ClipPreprocess
{
    /// <summary>Prepares one picture.</summary>
    /// <param name="rgb">Rows of red, green and blue bytes, height x width x 3.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="size">Side of the model's input, pixels.</param>
    /// <returns>[3, size, size], float32, on the CPU.</returns>
    /// <exception cref="ArgumentException">The number of bytes does not fit the size.</exception>
    public static Tensor Apply(ReadOnlySpan<byte> rgb, int height, int width, int size = 224)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (rgb.Length != (long)height * width * 3)
            throw new ArgumentException($"There are {rgb.Length} bytes; {height} x {width} pixels of RGB are {(long)height * width * 3}.", nameof(rgb));

        int shortSide = Math.Min(height, width);
        int newHeight = (int)((long)size * height / shortSide), newWidth = (int)((long)size * width / shortSide);
        byte[] resized = ByteBicubic.Resize(rgb, height, width, newHeight, newWidth);
        int top = CropStart(newHeight, size), left = CropStart(newWidth, size);

        Tensor prepared = empty(3, size, size);
        Span<float> values = MemoryMarshal.Cast<byte, float>(prepared.bytes);
        int at = 0;
        for (int c = 0; c < 3; c++)
        {
            for (int y = top; y < top + size; y++)
            {
                for (int x = left; x < left + size; x++, at++)
                    values[at] = ((resized[(((y * newWidth) + x) * 3) + c] / 255f) - ClipNormalization.Mean[c]) / ClipNormalization.Deviation[c];
            }
        }

        return prepared;
    }

    // Halves round to even, as in Python.
    internal static int CropStart(int length, int size) => (int)Math.Round((length - size) / 2.0, MidpointRounding.ToEven);
}
