using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Latents;

/// <summary>Which latents a sweep trains and validates on.</summary>
public sealed record BankSpec
{
    /// <summary>Training latents of a sampled bank whose <see cref="Count"/> the user left open.</summary>
    public const int SampledCount = 2048;

    /// <summary>Where the latents come from.</summary>
    public BankSource Source { get; init; } = BankSource.Sampled;

    /// <summary>
    /// Training latents, 1 to 10,000,000. 5,000 in the published code. Absent: <see cref="SampledCount"/>, or for a file all but the
    /// validation ones.
    /// </summary>
    public int? Count { get; init; }

    /// <summary>Held-out latents, 1 to 100,000. They follow the training ones.</summary>
    public int Validation { get; init; } = 64;

    /// <summary>
    /// Truncation towards the mean latent, greater than 0, at most 1. 0.7 in the published code. For sampled latents only.
    /// </summary>
    public double Truncation { get; init; } = 0.7;

    /// <summary>Seed of the sampled latents. For sampled latents only.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// A safetensors file with one tensor <c>latents</c> of shape [N, D] (W) or [N, L, D] (W+). For <see cref="BankSource.File"/> only.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>Digest of the file at <see cref="Path"/>; filled in when the sweep is planned.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Latents per shard, 1 to 65,536: the unit in which the bank is prepared and stored.</summary>
    public int ShardSize { get; init; } = 256;
}
