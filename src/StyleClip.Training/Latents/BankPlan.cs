using StyleClip.Contracts.Latents;
using StyleClip.Models.Weights;

namespace StyleClip.Training.Latents;

/// <summary>How a bank's latents fall into training, validation and shards.</summary>
/// <param name="TrainingCount">Latents to train on; they come first.</param>
/// <param name="ValidationCount">Held-out latents; they follow.</param>
/// <param name="ShardSize">Latents per shard; the last shard may have fewer.</param>
public sealed record BankPlan(int TrainingCount, int ValidationCount, int ShardSize)
{
    /// <summary>All latents.</summary>
    public int Count => TrainingCount + ValidationCount;

    /// <summary>Number of shards.</summary>
    public int ShardCount => ((Count - 1) / ShardSize) + 1;

    /// <summary>Plans a bank.</summary>
    /// <param name="spec">What was asked for.</param>
    /// <param name="latentFile">The file of latents, for a bank that is read from one.</param>
    /// <exception cref="WeightsException">The file holds no latents, or fewer than asked for.</exception>
    public static BankPlan Of(BankSpec spec, ReadOnlyMemory<byte>? latentFile = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Source == BankSource.Sampled) return new(spec.Count ?? BankSpec.SampledCount, spec.Validation, spec.ShardSize);

        int rows = LatentFile.CountRows(LatentFile.Require(latentFile));
        int training = spec.Count ?? rows - spec.Validation;
        if (training < 1 || training + spec.Validation > rows)
        {
            throw new WeightsException(
                $"The latent file has {rows} latents; the bank asks for {spec.Count ?? 1} or more to train on and {spec.Validation} to validate on.");
        }

        return new(training, spec.Validation, spec.ShardSize);
    }

    /// <summary>The latents of a shard.</summary>
    /// <param name="shard">0 to <see cref="ShardCount"/> - 1.</param>
    public (int First, int Count) Range(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, ShardCount);
        int first = shard * ShardSize;
        return (first, Math.Min(ShardSize, Count - first));
    }
}
