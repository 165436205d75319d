namespace StyleClip.Node;

/// <summary>Settings of a node.</summary>
public sealed record NodeOptions
{
    /// <summary>Name of the node, unique in its cluster, <c>[a-z0-9-]</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the devices are.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>CPU devices, at least 1. Each is one thread with a queue of its own. A GPU node owns one device.</summary>
    public int Devices { get; init; } = Environment.ProcessorCount;

    /// <summary>Intra-op threads of a CPU device, at least 1. Part of the device kind: another number, other bytes.</summary>
    public int ThreadsPerDevice { get; init; } = 1;

    /// <summary>Folder for packs fetched from the store. May be emptied at any time the node does not run.</summary>
    public required string CacheDirectory { get; init; }
}
