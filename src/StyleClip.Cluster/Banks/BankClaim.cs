using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Banks;

/// <summary>What a worker that needs a bank should do.</summary>
/// <param name="Manifest">The bank, if it is ready.</param>
/// <param name="Shard">A shard to prepare, if it is not; null: others are preparing the last ones, ask again.</param>
[GenerateSerializer, Immutable]
public sealed record BankClaim([property: Id(0)] ArtifactRef? Manifest, [property: Id(1)] int? Shard);
