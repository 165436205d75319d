using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Reference;

/// <summary>
/// Tensors from a key: FNV-1a of the prefixed key seeds splitmix64, and each element takes one number of that stream, in row-major
/// order. The reference data names keys instead of storing weights, latents and images.
/// </summary>
public static class Formula
{
    /// <summary>The scale that gives a uniform variable on [-1, 1) unit variance.</summary>
    public static readonly double UnitVariance = Math.Sqrt(3);

    private const ulong Gamma = 0x9E3779B97F4A7C15;
    private const int ChunkElements = 1 << 16;

    /// <summary>A float32 tensor on the CPU; the caller owns it.</summary>
    public static Tensor Tensor(
        string prefix, string key, ReadOnlySpan<long> shape, FillKind kind = FillKind.Linear, double scale = 1, double offset = 0)
    {
        Tensor tensor = empty(shape.ToArray(), ScalarType.Float32, CPU);
        FillFloats(tensor, Seed(prefix, key), new FillRule(kind, scale, offset));
        return tensor;
    }

    /// <summary>Unit-variance values: the rule of every latent code of the reference data.</summary>
    public static Tensor Latent(string prefix, string key, params ReadOnlySpan<long> shape) =>
        Tensor(prefix, key, shape, FillKind.Linear, UnitVariance);

    /// <summary>Formula images [count, 3, height, width] in [-1, 1): eight by eight coarse cells plus one fifth of pixel noise.</summary>
    public static Tensor Image(string prefix, string key, int count, int height, int width)
    {
        Tensor image = empty(count, 3, height, width);
        using Tensor coarse = Tensor(prefix, key + "/coarse", [count, 3, 8, 8]);
        using Tensor fine = Tensor(prefix, key + "/fine", [count, 3, height, width]);
        Span<float> values = Floats(image);
        ReadOnlySpan<float> cells = Floats(coarse), noise = Floats(fine);
        int at = 0;
        for (int plane = 0; plane < count * 3; plane++)
        {
            for (int y = 0; y < height; y++)
            {
                ReadOnlySpan<float> row = cells.Slice(plane * 64 + (8 * y / height * 8), 8);
                for (int x = 0; x < width; x++, at++) values[at] = (float)((0.8 * row[8 * x / width]) + (0.2 * noise[at]));
            }
        }

        return image;
    }

    /// <summary>An 8-bit RGB image [height, width, 3]; its coarse cells are whole pixels wide, so the last ones may be cut.</summary>
    public static byte[] ByteImage(string prefix, string key, int height, int width)
    {
        using Tensor coarse = Tensor(prefix, key + "/coarse", [3, 8, 8]);
        using Tensor fine = Tensor(prefix, key + "/fine", [3, height, width]);
        ReadOnlySpan<float> cells = Floats(coarse), noise = Floats(fine);
        int cellHeight = (height + 7) / 8, cellWidth = (width + 7) / 8;
        byte[] pixels = new byte[height * width * 3];
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    double value = (0.8 * cells[(c * 64) + (y / cellHeight * 8) + (x / cellWidth)])
                        + (0.2 * noise[(((c * height) + y) * width) + x]);
                    pixels[(((y * width) + x) * 3) + c] = (byte)Math.Clamp(Math.Floor((value + 1) * 127.5), 0, 255);
                }
            }
        }

        return pixels;
    }

    /// <summary>Fills a tensor of any type and device in place, outside autograd.</summary>
    public static void Fill(Tensor target, string prefix, string key, FillRule rule)
    {
        if (rule.Kind == FillKind.Keep) return;
        ulong seed = Seed(prefix, key);
        if (target.dtype == ScalarType.Float32 && target.device_type == DeviceType.CPU && target.is_contiguous())
        {
            FillFloats(target, seed, rule);
            return;
        }

        using IDisposable frozen = no_grad();
        using Tensor values = empty(target.shape, ScalarType.Float32, CPU);
        FillFloats(values, seed, rule);
        target.copy_(values);
    }

    /// <summary>FNV-1a, 64 bits, of the UTF-8 bytes of the prefixed key.</summary>
    public static ulong Seed(string prefix, string key)
    {
        ulong hash = 14695981039346656037;
        foreach (byte octet in Encoding.UTF8.GetBytes(prefix + key)) hash = (hash ^ octet) * 1099511628211;
        return hash;
    }

    // splitmix64's state is the seed plus a multiple of gamma, so a chunk starts anywhere in the stream.
    private static void FillFloats(Tensor target, ulong seed, FillRule rule)
    {
        int count = checked((int)target.NumberOfElements);
        Parallel.For(0, (count + ChunkElements - 1) / ChunkElements, chunk =>
        {
            int start = chunk * ChunkElements;
            FillSpan(Floats(target).Slice(start, Math.Min(ChunkElements, count - start)), seed + ((ulong)start * Gamma), rule);
        });
    }

    private static void FillSpan(Span<float> values, ulong state, FillRule rule)
    {
        (FillKind kind, double scale, double offset) = rule;
        for (int i = 0; i < values.Length; i++)
        {
            state += Gamma;
            ulong z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            double e = ((z >> 40) / 8388608.0) - 1; // 2 k / 2^24 - 1
            values[i] = kind switch
            {
                FillKind.Linear => (float)(offset + (scale * e)),
                FillKind.Absolute => (float)(offset + (scale * Math.Abs(e))),
                _ => (float)offset,
            };
        }
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
