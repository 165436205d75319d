using static TorchSharp.torch;

namespace StyleClip.Models.Weights.Upstream;

/// <summary>The low-pass filters that rosinality's files carry at every layer that doubles the resolution.</summary>
internal static class FirKernels
{
    private static readonly float[] Taps = [0.25f, 0.75f, 0.75f, 0.25f];

    /// <summary>[4, 4], sums to 4; the caller disposes it.</summary>
    public static Tensor Doubling()
    {
        using Tensor line = tensor(Taps);
        return outer(line, line).DetachFromDisposeScope();
    }

    /// <summary>The keys of the filters of a generator with these other keys.</summary>
    public static IEnumerable<string> Keys(IReadOnlyCollection<string> keys)
    {
        for (int block = 0; keys.Contains($"to_rgbs.{block}.conv.weight"); block++)
        {
            yield return $"convs.{2 * block}.conv.blur.kernel";
            yield return $"to_rgbs.{block}.upsample.kernel";
        }
    }
}
