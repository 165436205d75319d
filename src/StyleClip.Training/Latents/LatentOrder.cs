using System.Numerics;

namespace StyleClip.Training.Latents;

/// <summary>
/// Which latent each slot of each step's global batch takes. Every latent comes once per pass over the bank, in an order of its own in
/// each pass. The answer depends on nothing but the arguments: not on the width of a job nor on what was computed before.
/// </summary>
/// <param name="seed">Seed of the job.</param>
/// <param name="count">Training latents, at least 1.</param>
/// <param name="batchSize">Latents per step, at least 1. A batch may reach over the end of a pass into the next.</param>
public sealed class LatentOrder(long seed, int count, int batchSize)
{
    private const int Rounds = 6;

    private readonly ulong _key = CounterRandom.Key(seed, "latent order");

    // A Feistel network permutes [0, 4^h), the least such range that holds the bank.
    private readonly int _halfBits = Math.Max(1, (BitOperations.Log2((uint)Math.Max(1, count - 1)) + 2) / 2);

    /// <summary>The latent of one slot.</summary>
    /// <param name="step">Updates done before: 0 for the first step.</param>
    /// <param name="slot">Place in the global batch.</param>
    /// <returns>An index into the training latents.</returns>
    public int Index(long step, int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, batchSize);
        (long pass, long place) = Math.DivRem((step * batchSize) + slot, count);
        ulong key = CounterRandom.Bits(_key, (ulong)pass);
        ulong index = (ulong)place;
        // Walking along the permutation's cycle until it is back among the bank's indices permutes those alone.
        do index = Permute(index, key);
        while (index >= (ulong)count);
        return (int)index;
    }

    /// <summary>The latents of consecutive slots.</summary>
    /// <param name="step">Updates done before.</param>
    /// <param name="firstSlot">The first slot.</param>
    /// <param name="slots">How many slots.</param>
    public long[] Indices(long step, int firstSlot, int slots) =>
        [.. Enumerable.Range(firstSlot, slots).Select(slot => (long)Index(step, slot))];

    private ulong Permute(ulong value, ulong key)
    {
        ulong mask = (1UL << _halfBits) - 1;
        (ulong left, ulong right) = (value >> _halfBits, value & mask);
        for (uint round = 0; round < Rounds; round++)
            (left, right) = (right, left ^ (CounterRandom.Bits(key, ((ulong)round << 32) | right) & mask));
        return (left << _halfBits) | right;
    }
}
