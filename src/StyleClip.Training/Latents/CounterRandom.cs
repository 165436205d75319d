namespace StyleClip.Training.Latents;

/// <summary>
/// Random numbers as a pure function of a key and a position: any part of a stream can be computed anywhere, in any order.
/// The mixing is that of SplitMix64 (Steele, Lea and Flood 2014).
/// </summary>
internal static class CounterRandom
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    /// <summary>A key for one use of a seed, independent of those for other uses and seeds.</summary>
    public static ulong Key(long seed, string use)
    {
        ulong key = Mix((ulong)seed + GoldenGamma);
        foreach (char c in use) key = Mix(key ^ c);
        return key;
    }

    /// <summary>64 random bits.</summary>
    public static ulong Bits(ulong key, ulong position) => Mix(key + (GoldenGamma * (position + 1)));

    /// <summary>Fills <paramref name="values"/> from a standard normal distribution (Box and Muller 1958).</summary>
    public static void Normal(ulong key, Span<float> values)
    {
        for (int i = 0; i < values.Length; i += 2)
        {
            double radius = Math.Sqrt(-2 * Math.Log(Uniform(Bits(key, (ulong)i))));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * Uniform(Bits(key, (ulong)i + 1)));
            values[i] = (float)(radius * cosine);
            if (i + 1 < values.Length) values[i + 1] = (float)(radius * sine);
        }
    }

    // (0, 1]: its logarithm is finite.
    private static double Uniform(ulong bits) => ((bits >> 11) + 1) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
