using System.Globalization;
using StyleClip.Contracts.Nodes;
using TorchSharp;

namespace StyleClip.Node;

/// <summary>What the other nodes of a cluster see of a node beside its name.</summary>
public static class NodeMetadata
{
    /// <summary>Number and kind of the devices, and the build: nodes that differ in the last two do not work for one mapper.</summary>
    public static IReadOnlyDictionary<string, string> Of(NodeOptions options)
    {
        bool hasGpu = options.Device != DeviceChoice.Cpu && torch.cuda.is_available();
        return new Dictionary<string, string>
        {
            ["devices"] = hasGpu ? "1" : options.Devices.ToString(CultureInfo.InvariantCulture),
            ["device-kind"] = hasGpu ? DeviceKind.Cuda() : DeviceKind.Cpu(options.ThreadsPerDevice),
            ["build"] = NodeBuild.Name,
        };
    }
}
