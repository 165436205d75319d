using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StyleClip.Cluster.Hosting;
using StyleClip.Node;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Nodes;

/// <summary>Composes a node: a silo of the store's cluster and this machine's devices.</summary>
internal static class NodeHost
{
    public static IHost Build(NodeRequest request, IArtifactStore store)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        ServerLogging.Add(builder.Logging, request.Verbose);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = request.DrainLimit);
        builder.Services.AddSingleton(store);
        if (request.Metrics is { } metrics) builder.Services.AddSingleton(new SeriesRetention(metrics.Retention));
        var devices = new NodeOptions
        {
            Name = request.Name,
            Device = request.Device,
            Devices = request.Devices,
            ThreadsPerDevice = request.ThreadsPerDevice,
            CacheDirectory = request.CacheDirectory,
        };
        builder.UseOrleans(silo => silo
            .UseStoreCluster(new StoreClusterOptions
            {
                ClusterId = request.ClusterId,
                NodeName = request.Name,
                SiloPort = request.SiloPort,
                GatewayPort = request.GatewayPort,
                AdvertisedAddress = request.Listen,
                RedisConnection = request.RedisConnection,
                Metadata = NodeMetadata.Of(devices),
            })
            .AddStyleClipNode(devices));
        return builder.Build();
    }
}
