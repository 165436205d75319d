using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Messaging;
using StackExchange.Redis;
using StyleClip.Cluster.Membership;
using StyleClip.Cluster.Recovery;

namespace StyleClip.Cluster.Hosting;

/// <summary>Joins a process to the cluster of its artifact store, as a node or as a client.</summary>
public static class StoreClusterExtensions
{
    private const string ServiceId = "styleclip";

    /// <summary>How often a node says that it lives, and looks who else does.</summary>
    internal static readonly TimeSpan AlivePeriod = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectRetryPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Rows of processes that ended are kept this long: a process that was frozen for hours still learns that it is dead.</summary>
    private static readonly TimeSpan DeadRowExpiry = TimeSpan.FromDays(1);

    /// <summary>Makes the silo a member of the cluster. The artifact store and the node's devices must be registered by the caller.</summary>
    public static ISiloBuilder UseStoreCluster(this ISiloBuilder silo, StoreClusterOptions options)
    {
        (int siloPort, int gatewayPort) = FreePorts.Pair(options.AdvertisedAddress);
        silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (ServiceId, options.ClusterId));
        silo.Configure<SiloOptions>(named => named.SiloName = options.NodeName);
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = options.AdvertisedAddress;
            endpoint.SiloPort = options.SiloPort ?? siloPort;
            endpoint.GatewayPort = options.GatewayPort ?? gatewayPort;
        });
        silo.Configure<ClusterMembershipOptions>(SetLiveness);
        if (options.RedisConnection is { } redis) silo.UseRedisClustering(clustering => clustering.ConfigurationOptions = ConfigurationOptions.Parse(redis));
        else silo.Services.AddSingleton<IMembershipTable, ArtifactMembershipTable>();
        silo.AddStyleClipGrains(options.NodeName, options.Metadata);
        silo.Services.AddHostedService<RecoveryService>();
        return silo;
    }

    /// <summary>
    /// Adds a client of the cluster. It waits for the first node as long as it must, and finds another node when the one it speaks to
    /// dies. The artifact store must be registered by the caller.
    /// </summary>
    public static IHostApplicationBuilder AddStoreClusterClient(this IHostApplicationBuilder builder, StoreClusterClientOptions options) =>
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (ServiceId, options.ClusterId));
            client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = AlivePeriod);
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = options.ResponseTimeout);
            client.UseConnectionRetryFilter(async (_, cancellationToken) =>
            {
                await Task.Delay(ConnectRetryPeriod, cancellationToken);
                return true;
            });
            client.Services.AddContractSerializer();
            if (options.RedisConnection is { } redis) client.UseRedisClustering(clustering => clustering.ConfigurationOptions = ConfigurationOptions.Parse(redis));
            else client.Services.AddSingleton<IGatewayListProvider, ArtifactGatewayList>();
        });

    // Measured: a killed process is known to be dead after 1 to 2 s, a frozen one after 9 s, and saturated processors cause no false alarm.
    // Where two nodes are left, Orleans takes one vote for enough.
    private static void SetLiveness(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = ProbeTimeout;
        membership.NumMissedProbesLimit = 2;
        membership.NumVotesForDeathDeclaration = 2;
        membership.TableRefreshTimeout = AlivePeriod;
        membership.IAmAliveTablePublishTimeout = AlivePeriod;
        membership.DefunctSiloExpiration = DeadRowExpiry;
        membership.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
    }
}
