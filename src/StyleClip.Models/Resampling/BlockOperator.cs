using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Resampling;

// B batch, C channels, H W pixels, G repeats of the block, P pixels that one block reads
/// <summary>
/// A linear resampling along columns and rows, out = A X Aᵀ. A repeats one small block along its diagonal gcd(in, out) times, so only
/// that block is multiplied: 7 x 32 instead of 224 x 1024 from 1024 to 224 pixels. Unlike the native pooling kernels its gradient is
/// deterministic on a GPU, since nothing is added atomically.
/// </summary>
/// <param name="block">The block for an input and an output size without common divisor, [out, in].</param>
internal sealed class BlockOperator(Func<int, int, double[,]> block)
{
    // A few kilobytes in all; they outlive the dispose scope of the step that made them.
    private readonly Dictionary<(int In, int Out, DeviceType Device, int Index, ScalarType Type), Tensor> _blocks = [];
    private readonly Lock _gate = new();

    /// <summary>[B, C, H, W] to [B, C, height, width]; a fresh tensor even where the size stays.</summary>
    public Tensor Apply(Tensor image, int height, int width)
    {
        (long batch, long channels, int rows, int columns) = (image.shape[0], image.shape[1], (int)image.shape[2], (int)image.shape[3]);
        Tensor result = image.alias();
        if (rows != height) // first, since a product from the left reads memory in order
        {
            Tensor matrix = Block(rows, height, image);
            Tensor blocks = result.reshape(-1, matrix.shape[1], columns); // [B C G, P, W]
            result = matrix.unsqueeze(0).expand(blocks.shape[0], -1, -1).bmm(blocks).view(batch, channels, height, columns);
        }

        if (columns != width)
        {
            Tensor matrix = Block(columns, width, image);
            result = nn.functional.linear(result.reshape(-1, matrix.shape[1]), matrix).view(batch, channels, height, width);
        }

        return result;
    }

    private Tensor Block(int from, int to, Tensor like)
    {
        var key = (from, to, like.device_type, like.device_index, like.dtype);
        lock (_gate)
        {
            if (_blocks.TryGetValue(key, out Tensor? known)) return known;
            int divisor = GreatestDivisor(from, to);
            double[,] values = block(from / divisor, to / divisor);
            using Tensor exact = tensor(MemoryMarshal.CreateSpan(ref values[0, 0], values.Length).ToArray(), values.GetLength(0), values.GetLength(1));
            return _blocks[key] = exact.to(like.dtype, like.device, copy: true).DetachFromDisposeScope();
        }
    }

    private static int GreatestDivisor(int a, int b) => b == 0 ? a : GreatestDivisor(b, a % b);
}
