using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Storage;
using StyleClip.Cluster.Gradients;
using StyleClip.Cluster.GrainState;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Scheduling;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Json;
using StyleClip.Storage.Catalogue;
using StyleClip.Storage.Directions;
using StyleClip.Storage.Packs;

namespace StyleClip.Cluster.Hosting;

/// <summary>Adds the cluster to a host.</summary>
public static class ClusterHostingExtensions
{
    /// <summary>
    /// Makes the silo the only one of its own cluster, on loopback and two free ports. The artifact store and the node's devices must be
    /// registered by the caller.
    /// </summary>
    public static ISiloBuilder UseSingleNodeCluster(this ISiloBuilder silo, string nodeName)
    {
        (int siloPort, int gatewayPort) = FreePorts.Pair(IPAddress.Loopback);
        return silo
            .UseLocalhostClustering(siloPort, gatewayPort, serviceId: "styleclip", clusterId: nodeName)
            .AddStyleClipGrains(nodeName);
    }

    /// <summary>Registers grains, their state in the artifact store, the wire form of contract records and the placement of node grains.</summary>
    public static ISiloBuilder AddStyleClipGrains(this ISiloBuilder silo, string nodeName, IReadOnlyDictionary<string, string>? metadata = null)
    {
        silo.UseSiloMetadata(new Dictionary<string, string>(metadata ?? new Dictionary<string, string>()) { [NodePlacementDirector.NodeEntry] = nodeName });
        silo.Services.AddPlacementFilter<NodePlacementStrategy, NodePlacementDirector>(ServiceLifetime.Singleton);
        silo.Services.AddContractSerializer();
        silo.Services.AddKeyedSingleton<IGrainStorage, ArtifactGrainStorage>(ArtifactGrainStorage.Name);
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<PackLibrary>();
        silo.Services.AddSingleton<Catalogue>();
        silo.Services.AddSingleton<DirectionLibrary>();
        silo.Services.AddSingleton<IResultPublisher, ResultPublisher>();
        silo.Services.AddSingleton<MemberInboxes>();
        silo.Services.AddSingleton<IMemberLink, MemberLink>();
        silo.Services.TryAddSingleton(SeriesRetention.Default);
        silo.Services.AddSingleton<JobInstruments>();
        silo.Services.AddSingleton<SweepInstruments>();
        silo.Services.AddSingleton<SchedulerInstruments>();
        return silo;
    }

    /// <summary>Contract records travel in the JSON form that they are stored in.</summary>
    internal static void AddContractSerializer(this IServiceCollection services)
    {
        services.AddSingleton<IGeneralizedCopier, ContractCopier>(); // the first one that takes a type is asked
        services.AddSerializer(serializer => serializer.AddJsonSerializer(ContractCopier.IsContract, ContractJson.Canonical));
    }
}
