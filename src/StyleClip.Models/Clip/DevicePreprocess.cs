using System.Runtime.InteropServices;
using StyleClip.Models.Resampling;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Clip;

// B batch, H W pixels, S side of CLIP's input

/// <summary>
/// <see cref="ClipPreprocess"/> for a whole batch on the device that holds it: the same weights as matrix products, rounded to 8 bits after
/// each axis. Sums are in float32 instead of whole numbers, so a value that lies on the border between two bytes may go to the other one.
/// </summary>
/// <param name="size">Side of the model's input, pixels.</param>
public sealed class DevicePreprocess(int size) : IDisposable
{
    private readonly Dictionary<(int From, int To), Tensor> _weights = [];

    /// <summary>Prepares 8-bit pictures on their device.</summary>
    /// <param name="pixels">[B, 3, H, W], uint8.</param>
    /// <returns>[B, 3, S, S], float32; the caller owns it.</returns>
    public Tensor Apply(Tensor pixels)
    {
        Shape.Require(pixels, nameof(pixels), -1, 3, -1, -1);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        (int height, int width) = ((int)pixels.shape[2], (int)pixels.shape[3]);
        int shortSide = Math.Min(height, width);
        int newHeight = (int)((long)size * height / shortSide), newWidth = (int)((long)size * width / shortSide);
        Tensor image = pixels.to(ScalarType.Float32);
        if (newWidth != width) image = Rounded(nn.functional.linear(image, Weights(width, newWidth, image.device)));
        if (newHeight != height) image = Rounded(nn.functional.linear(image.transpose(2, 3), Weights(height, newHeight, image.device))).transpose(2, 3);
        Tensor cropped = image.narrow(2, ClipPreprocess.CropStart(newHeight, size), size).narrow(3, ClipPreprocess.CropStart(newWidth, size), size);
        return ((cropped.div(255) - PerChannel(ClipNormalization.Mean, image.device)) / PerChannel(ClipNormalization.Deviation, image.device)).contiguous().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor weights in _weights.Values) weights.Dispose();
    }

    private static Tensor Rounded(Tensor values) => values.add_(0.5).floor_().clamp_(0, 255);

    private static Tensor PerChannel(float[] values, Device device) => tensor(values, device: device).view(1, 3, 1, 1);

    // [to, from]
    private Tensor Weights(int from, int to, Device device)
    {
        if (_weights.TryGetValue((from, to), out Tensor? known)) return known;
        float[,] matrix = ByteBicubic.Matrix(from, to);
        using Tensor values = tensor(MemoryMarshal.CreateSpan(ref matrix[0, 0], matrix.Length).ToArray(), to, from);
        return _weights[(from, to)] = values.to(device, copy: true).DetachFromDisposeScope();
    }
}
