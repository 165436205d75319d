namespace StyleClip.Cluster.Hosting;

/// <summary>Settings of a process that speaks to a cluster without being part of it.</summary>
public sealed record StoreClusterClientOptions
{
    /// <summary>Id of the cluster: <see cref="StoreClusterOptions.ClusterId"/> of its nodes.</summary>
    public string ClusterId { get; init; } = StoreClusterOptions.DefaultClusterId;

    /// <summary>StackExchange.Redis connection string, where the cluster's nodes have one.</summary>
    public string? RedisConnection { get; init; }

    /// <summary>Longest wait for an answer. A call to a node that dies meanwhile is known to be lost only after this time.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
