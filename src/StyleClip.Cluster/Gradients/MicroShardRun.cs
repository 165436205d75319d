namespace StyleClip.Cluster.Gradients;

/// <summary>An aligned run of 2^k micro-shards, which one member adds up before it sends: a node of the summation tree.</summary>
/// <param name="Member">Index of the member that computes it.</param>
/// <param name="Start">First micro-shard, a multiple of <paramref name="Length"/>.</param>
/// <param name="Length">Number of micro-shards, a power of two.</param>
public readonly record struct MicroShardRun(int Member, int Start, int Length);
