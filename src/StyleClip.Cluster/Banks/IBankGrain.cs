using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Banks;

/// <summary>
/// Shares the preparation of a bank among the workers that wait for it: each takes a shard, prepares it, and takes the next. Key:
/// <see cref="BankRequest.Key"/>.
/// </summary>
public interface IBankGrain : IGrainWithStringKey
{
    /// <summary>Answers with the bank, with a shard to prepare, or with neither. A claim that is not renewed expires.</summary>
    Task<BankClaim> Claim(BankRequest request, int shardCount, CancellationToken cancellationToken);

    /// <summary>The shard is still being prepared.</summary>
    Task Renew(int shard, CancellationToken cancellationToken);

    /// <summary>A shard is in the store. Shards are deterministic, so whoever comes second has made the same.</summary>
    Task Complete(int shard, ArtifactRef artifact, CancellationToken cancellationToken);
}
