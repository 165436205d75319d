using StyleClip.Models.Resampling;
using static TorchSharp.torch;

namespace StyleClip.Models.Clip;

/// <summary>
/// Resizes by the exact mean over the area that each target pixel covers, in either direction. From a size that is a multiple of 32 to
/// 224 this equals StyleCLIP's enlargement by 7 and mean pooling by size / 32, without its image of 7168 x 7168; it does not equal
/// adaptive pooling to 224.
/// </summary>
public sealed class AreaResize
{
    private readonly BlockOperator _area = new(Overlaps);

    /// <summary>[B, 3, H, W] to [B, 3, outSize, outSize]; any number of channels.</summary>
    /// <param name="image">The images.</param>
    /// <param name="outSize">Side of the result, pixels.</param>
    public Tensor Apply(Tensor image, int outSize)
    {
        Shape.Require(image, nameof(image), -1, -1, -1, -1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outSize, 1);
        return _area.Apply(image, outSize, outSize);
    }

    // In units of 1 / to of a source pixel, source pixel j covers [j to, (j + 1) to) and target pixel i covers [i from, (i + 1) from).
    private static double[,] Overlaps(int from, int to)
    {
        double[,] weights = new double[to, from];
        for (int i = 0; i < to; i++)
        {
            for (int j = 0; j < from; j++)
            {
                int overlap = Math.Min((j + 1) * to, (i + 1) * from) - Math.Max(j * to, i * from);
                weights[i, j] = (double)Math.Max(0, overlap) / from;
            }
        }

        return weights;
    }
}
