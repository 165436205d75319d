using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Banks;

/// <summary>What a bank must remember over a restart: the shards that are done.</summary>
public sealed record BankState
{
    public BankRequest? Request { get; init; }

    /// <summary>One entry per shard; null until it is in the store.</summary>
    public IReadOnlyList<ArtifactRef?> Shards { get; init; } = [];

    /// <summary>The whole bank, once every shard is done.</summary>
    public ArtifactRef? Manifest { get; init; }
}
