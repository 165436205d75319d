namespace StyleClip.Models.Resampling;

/// <summary>
/// Antialiased bicubic resizing of 8-bit RGB images as Pillow does it: columns first, then rows, 22-bit fixed-point weights, and
/// rounding to 8 bits in between. Only the same bits give CLIP the same image.
/// </summary>
internal static class ByteBicubic
{
    private const int Channels = 3;

    /// <summary>Resizes [height, width, 3].</summary>
    public static byte[] Resize(ReadOnlySpan<byte> pixels, int height, int width, int outHeight, int outWidth)
    {
        byte[] columns = width == outWidth ? pixels.ToArray() : AlongRows(pixels, height, width, new Axis(width, outWidth));
        return height == outHeight ? columns : AlongColumns(columns, outWidth, new Axis(height, outHeight));
    }

    /// <summary>The weights of one axis as a matrix [to, from], each a whole number of 2^-22.</summary>
    public static float[,] Matrix(int from, int to)
    {
        var axis = new Axis(from, to);
        float[,] matrix = new float[to, from];
        for (int target = 0; target < to; target++)
        {
            ReadOnlySpan<int> weights = axis.Weights(target, out int first);
            for (int k = 0; k < weights.Length; k++) matrix[target, first + k] = (float)weights[k] / (2 * Axis.Half);
        }

        return matrix;
    }

    private static byte[] AlongRows(ReadOnlySpan<byte> pixels, int height, int width, Axis axis)
    {
        byte[] result = new byte[height * axis.Size * Channels];
        int at = 0;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = pixels.Slice(y * width * Channels, width * Channels);
            for (int x = 0; x < axis.Size; x++)
            {
                ReadOnlySpan<int> weights = axis.Weights(x, out int first);
                for (int c = 0; c < Channels; c++)
                {
                    int sum = Axis.Half;
                    for (int k = 0; k < weights.Length; k++) sum += row[((first + k) * Channels) + c] * weights[k];
                    result[at++] = Axis.ToByte(sum);
                }
            }
        }

        return result;
    }

    private static byte[] AlongColumns(ReadOnlySpan<byte> pixels, int width, Axis axis)
    {
        int stride = width * Channels;
        byte[] result = new byte[axis.Size * stride];
        int[] sums = new int[stride];
        for (int y = 0; y < axis.Size; y++)
        {
            ReadOnlySpan<int> weights = axis.Weights(y, out int first);
            Array.Fill(sums, Axis.Half);
            for (int k = 0; k < weights.Length; k++)
            {
                ReadOnlySpan<byte> row = pixels.Slice((first + k) * stride, stride);
                for (int i = 0; i < stride; i++) sums[i] += row[i] * weights[k];
            }

            for (int i = 0; i < stride; i++) result[(y * stride) + i] = Axis.ToByte(sums[i]);
        }

        return result;
    }

    /// <summary>For each target pixel of one axis the source pixels it takes and their weights.</summary>
    private sealed class Axis
    {
        private const int Bits = 22; // 8 bits of pixel and 2 of headroom are left of 32
        private const double Support = 2;

        private readonly int[] _first;
        private readonly int[][] _weights;

        public Axis(int from, int to)
        {
            double scale = (double)from / to;
            double spread = Math.Max(1, scale); // the kernel widens where the image shrinks
            (_first, _weights) = (new int[to], new int[to][]);
            for (int i = 0; i < to; i++)
            {
                double centre = (i + 0.5) * scale;
                int first = Math.Max(0, (int)(centre - (Support * spread) + 0.5));
                int end = Math.Min(from, (int)(centre + (Support * spread) + 0.5));
                _first[i] = first;
                _weights[i] = Fixed([.. Enumerable.Range(first, end - first).Select(j => Kernel((j - centre + 0.5) * (1 / spread)))]);
            }
        }

        public static int Half => 1 << (Bits - 1);

        public int Size => _first.Length;

        public static byte ToByte(int sum) => (byte)Math.Clamp(sum >> Bits, 0, 255);

        public ReadOnlySpan<int> Weights(int target, out int first)
        {
            first = _first[target];
            return _weights[target];
        }

        private static int[] Fixed(double[] weights)
        {
            double sum = 0;
            foreach (double weight in weights) sum += weight;
            return [.. weights.Select(weight => (int)((weight < 0 ? -0.5 : 0.5) + (weight / sum * (1 << Bits))))];
        }

        // Keys' cubic convolution with a = -0.5.
        private static double Kernel(double x)
        {
            const double A = -0.5;
            x = Math.Abs(x);
            if (x < 1) return ((((A + 2) * x) - (A + 3)) * x * x) + 1;
            return x < 2 ? ((((x - 5) * x) + 8) * x * A) - (4 * A) : 0;
        }
    }
}
