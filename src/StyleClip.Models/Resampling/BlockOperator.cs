using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Resampling;

// B batch, C channels, H W pixels
/// <summary>
/// A linear resampling along rows and columns, out = A X Aᵀ. A repeats one small block along its diagonal gcd(in, out) times, so only
/// that block is multiplied: 7 x 32 instead of 224 x 1024 from 1024 to 224 pixels. Unlike the native pooling kernels its gradient is
/// deterministic on a GPU, since nothing is added atomically.
/// </summary>
internal sealed class BlockOperator(Func<int, int, double[,]> block)
{
    // A few kilobytes in all; they outlive the dispose scope of the step that made them.
    private readonly Dictionary<(int In, int Out, DeviceType Device, int Index, ScalarType Type), Tensor> _blocks = [];
    private readonly Lock _gate = new();

    /// <summary>[B, C, H, W] to [B, C, height, width]; a fresh tensor even where the size stays.</summary>
    public Tensor Apply(Tensor image, int height, int width)
    {
        if (image.shape[2] == height && image.shape[3] == width) return image.alias();
        Tensor rows = AlongRows(image, width); // [B, C, H, width]
        return AlongRows(rows.transpose(2, 3), height).transpose(2, 3);
    }

    private Tensor AlongRows(Tensor image, int size)
    {
        long[] shape = image.shape;
        if (shape[3] == size) return image;
        Tensor matrix = Block((int)shape[3], size, image);
        Tensor blocks = image.reshape(shape[0], shape[1], shape[2], -1, matrix.shape[1]);
        return nn.functional.linear(blocks, matrix).view(shape[0], shape[1], shape[2], size);
    }

    private Tensor Block(int from, int to, Tensor like)
    {
        var key = (from, to, like.device_type, like.device_index, like.dtype);
        lock (_gate)
        {
            if (_blocks.TryGetValue(key, out Tensor? known)) return known;
            int divisor = GreatestDivisor(from, to);
            double[,] values = block(from / divisor, to / divisor);
            Tensor made = tensor(MemoryMarshal.CreateSpan(ref values[0, 0], values.Length).ToArray(), values.GetLength(0), values.GetLength(1))
                .to(like.dtype).to(like.device).DetachFromDisposeScope();
            return _blocks[key] = made;
        }
    }

    private static int GreatestDivisor(int a, int b) => b == 0 ? a : GreatestDivisor(b, a % b);
}
