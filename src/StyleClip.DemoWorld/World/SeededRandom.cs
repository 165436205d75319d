namespace StyleClip.DemoWorld.World;

/// <summary>
/// SplitMix64 with Gaussian draws. Sample <c>i</c> of a stream is addressed directly, so that a batch does not depend on
/// the batches before it and every stage can draw the same faces again.
/// </summary>
internal sealed class SeededRandom
{
    private ulong _state;
    private double? _spareGaussian;

    public SeededRandom(long seed, long stream = 0) => _state = Mix((ulong)seed * 0x9E3779B97F4A7C15UL ^ Mix((ulong)stream + 0xD1B54A32D192ED03UL));

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 .. bound - 1.</summary>
    public int Next(int bound) => (int)(NextDouble() * bound);

    public bool Chance(double probability) => NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>Standard normal (Box-Muller).</summary>
    public double NextGaussian()
    {
        if (_spareGaussian is { } spare)
        {
            _spareGaussian = null;
            return spare;
        }
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        double angle = 2 * Math.PI * NextDouble();
        _spareGaussian = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }

    public ulong NextUInt64()
    {
        _state += 0x9E3779B97F4A7C15UL;
        return Mix(_state);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
