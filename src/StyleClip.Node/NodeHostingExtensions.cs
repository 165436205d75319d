using Microsoft.Extensions.DependencyInjection;
using StyleClip.Cluster.Nodes;
using StyleClip.Node.Segments;
using StyleClip.Storage.Checkpoints;

namespace StyleClip.Node;

/// <summary>Adds this process's devices to a silo.</summary>
public static class NodeHostingExtensions
{
    /// <summary>Registers the devices of <paramref name="options"/>. The artifact store must be registered by the caller.</summary>
    /// <exception cref="DeviceMissingException">A GPU is asked for; this build or machine has none.</exception>
    public static ISiloBuilder AddStyleClipNode(this ISiloBuilder silo, NodeOptions options)
    {
        TrainingDevice.Require(options.Device);
        silo.Services.AddSingleton(options);
        silo.Services.AddSingleton<CheckpointStore>();
        silo.Services.AddSingleton<SegmentServices>();
        silo.Services.AddSingleton<NodeDevices>();
        silo.Services.AddSingleton<INodeDevices>(services => services.GetRequiredService<NodeDevices>());
        silo.Services.AddHostedService(services => services.GetRequiredService<NodeDevices>()); // after the silo: it starts last and stops first
        return silo;
    }
}
