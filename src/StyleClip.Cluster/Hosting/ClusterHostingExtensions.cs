using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Serialization;
using Orleans.Storage;
using StyleClip.Cluster.GrainState;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Json;
using StyleClip.Storage.Catalogue;
using StyleClip.Storage.Packs;

namespace StyleClip.Cluster.Hosting;

/// <summary>Adds the cluster to a host.</summary>
public static class ClusterHostingExtensions
{
    private const int FirstPort = 20_000;
    private const int PortSpan = 8;
    private const int PortGroups = 700;

    /// <summary>
    /// Makes the silo the only one of its own cluster, on loopback and two free ports. The artifact store and the node's devices must be
    /// registered by the caller.
    /// </summary>
    public static ISiloBuilder UseSingleNodeCluster(this ISiloBuilder silo, string nodeName)
    {
        // Processes that start at the same time begin their search at different ports.
        int from = FirstPort + Environment.ProcessId % PortGroups * PortSpan * 2;
        (int siloPort, int gatewayPort) = (FreePort(from), FreePort(from + PortSpan));
        return silo
            .UseLocalhostClustering(siloPort, gatewayPort, serviceId: "styleclip", clusterId: nodeName)
            .AddStyleClipGrains(nodeName);
    }

    /// <summary>Registers grains, their state in the artifact store, the wire form of contract records and the placement of node grains.</summary>
    public static ISiloBuilder AddStyleClipGrains(this ISiloBuilder silo, string nodeName)
    {
        silo.UseSiloMetadata(new Dictionary<string, string> { [NodePlacementDirector.NodeEntry] = nodeName });
        silo.Services.AddPlacementFilter<NodePlacementStrategy, NodePlacementDirector>(ServiceLifetime.Singleton);
        silo.Services.AddSerializer(serializer => serializer.AddJsonSerializer(IsContract, ContractJson.Canonical));
        silo.Services.AddKeyedSingleton<IGrainStorage, ArtifactGrainStorage>(ArtifactGrainStorage.Name);
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<PackLibrary>();
        silo.Services.AddSingleton<Catalogue>();
        silo.Services.AddSingleton<IMapperPublisher, MapperPublisher>();
        silo.Services.AddSingleton<JobInstruments>();
        silo.Services.AddSingleton<SweepInstruments>();
        return silo;
    }

    private static bool IsContract(Type type) => type.Namespace?.StartsWith("StyleClip.Contracts", StringComparison.Ordinal) == true;

    // Below the ephemeral range, so that no outgoing connection of this machine takes the port between the probe and the silo's start.
    private static int FreePort(int from)
    {
        for (int port = from; port < from + PortSpan; port++)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // the next one, then
            }
        }

        throw new IOException($"No port of 127.0.0.1 is free from {from} to {from + PortSpan - 1}.");
    }
}
