namespace StyleClip.DemoWorld.World;

/// <summary>
/// The law of the world: which face a latent z stands for. z is brought to unit mean square first, as the generator does,
/// so that the truth is a function of what the generator sees; each factor then reads one of a set of orthogonal directions.
/// </summary>
internal sealed class LatentFactorMap
{
    public const int LatentSize = 128;

    // Sharp enough that three faces in four wear one clear colour and style; the shapes in between are drawn as shapes in between.
    private const double CategoryGain = 6;

    private readonly double[][] _directions;

    public LatentFactorMap(long seed)
    {
        var random = new SeededRandom(seed, stream: 0x6D6170);
        _directions = new double[Factors.Count][];
        for (int row = 0; row < Factors.Count; row++)
            _directions[row] = OrthogonalDirection(random, _directions.AsSpan(0, row));
    }

    /// <summary>Latent number <paramref name="index"/> of a stream.</summary>
    public static float[] SampleLatent(long seed, long index)
    {
        var random = new SeededRandom(seed, index);
        var z = new float[LatentSize];
        for (int i = 0; i < z.Length; i++) z[i] = (float)random.NextGaussian();
        return z;
    }

    public Face FaceOf(ReadOnlySpan<float> z)
    {
        double meanSquare = 0;
        foreach (float value in z) meanSquare += (double)value * value;
        double scale = 1 / Math.Sqrt(meanSquare / z.Length + 1e-8);

        var score = new double[Factors.Count]; // each close to a standard normal
        for (int row = 0; row < score.Length; row++)
        {
            double sum = 0;
            for (int i = 0; i < z.Length; i++) sum += _directions[row][i] * z[i];
            score[row] = sum * scale;
        }

        var face = new Face();
        for (var factor = Factor.FaceWidth; factor <= Factor.ShirtLightness; factor++) face[factor] = (float)NormalCdf(score[(int)factor]);
        SoftMax(face, score, Factors.HairColours);
        SoftMax(face, score, Factors.HairStyles);
        face[Factor.Smile] = (float)Expression(NormalCdf(score[(int)Factor.Smile]));
        foreach (Factor factor in Factors.Strengths)
        {
            (double low, double high) = Threshold(factor);
            face[factor] = (float)SmoothStep(low, high, NormalCdf(score[(int)factor]));
        }
        return face;
    }

    public static double SmoothStep(double low, double high, double value)
    {
        double t = Math.Clamp((value - low) / (high - low), 0, 1);
        return t * t * (3 - 2 * t);
    }

    /// <summary>Shares of the population between which an attribute goes from absent to full.</summary>
    private static (double Low, double High) Threshold(Factor factor) => factor switch
    {
        Factor.Angry => (0.68, 0.82),
        Factor.Surprised => (0.75, 0.87),
        Factor.Wrinkles => (0.60, 0.74),
        Factor.Glasses => (0.64, 0.76),
        Factor.Beard => (0.68, 0.80),
        Factor.MakeUp => (0.70, 0.82),
        Factor.Clown => (0.86, 0.93),
        _ => throw new ArgumentOutOfRangeException(nameof(factor), factor, "has no threshold"),
    };

    /// <summary>Three plateaus with slopes between them: sad, neutral, smiling.</summary>
    private static double Expression(double share) => SmoothStep(0.58, 0.78, share) - SmoothStep(0.42, 0.22, share);

    private static void SoftMax(Face face, double[] score, ReadOnlySpan<Factor> group)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (Factor factor in group) largest = Math.Max(largest, score[(int)factor]);
        foreach (Factor factor in group) sum += Math.Exp(CategoryGain * (score[(int)factor] - largest));
        foreach (Factor factor in group) face[factor] = (float)(Math.Exp(CategoryGain * (score[(int)factor] - largest)) / sum);
    }

    private static double[] OrthogonalDirection(SeededRandom random, ReadOnlySpan<double[]> earlier)
    {
        var direction = new double[LatentSize];
        for (int i = 0; i < direction.Length; i++) direction[i] = random.NextGaussian();
        foreach (double[] other in earlier)
        {
            double dot = Dot(direction, other);
            for (int i = 0; i < direction.Length; i++) direction[i] -= dot * other[i];
        }
        double norm = Math.Sqrt(Dot(direction, direction));
        for (int i = 0; i < direction.Length; i++) direction[i] /= norm;
        return direction;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    // Abramowitz and Stegun 7.1.26, absolute error below 1.5e-7.
    private static double NormalCdf(double x)
    {
        double t = 1 / (1 + 0.3275911 * Math.Abs(x) / Math.Sqrt(2));
        double tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
        double erf = 1 - tail * Math.Exp(-x * x / 2);
        return x >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
    }
}
