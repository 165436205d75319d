using System.Net;

namespace StyleClip.Cluster.Hosting;

/// <summary>Settings of a silo that joins the cluster of its artifact store.</summary>
public sealed record StoreClusterOptions
{
    /// <summary>The cluster that nodes get where they are not told otherwise.</summary>
    public const string DefaultClusterId = "styleclip";

    /// <summary>Nodes with the same store and the same id form one cluster; <c>[a-z0-9-]</c>.</summary>
    public string ClusterId { get; init; } = DefaultClusterId;

    /// <summary>Name of the node, unique in its cluster, <c>[a-z0-9-]</c>.</summary>
    public required string NodeName { get; init; }

    /// <summary>Port for the other nodes; null: a free one below the ephemeral range.</summary>
    public int? SiloPort { get; init; }

    /// <summary>Port for clients, such as the gateway; null: a free one below the ephemeral range.</summary>
    public int? GatewayPort { get; init; }

    /// <summary>Where this process listens, and where the others reach it.</summary>
    public IPAddress AdvertisedAddress { get; init; } = IPAddress.Loopback;

    /// <summary>StackExchange.Redis connection string: membership is kept in that Redis instead of in the store.</summary>
    public string? RedisConnection { get; init; }

    /// <summary>What the other nodes see of this one beside its name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
