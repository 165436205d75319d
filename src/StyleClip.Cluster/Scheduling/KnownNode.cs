using StyleClip.Cluster.Nodes;

namespace StyleClip.Cluster.Scheduling;

/// <summary>A node that has announced itself.</summary>
internal sealed class KnownNode
{
    public KnownNode(NodeDescription description)
    {
        Description = description;
        Devices = [.. description.DeviceKinds.Select((kind, index) => new Device(this, index, new DeviceClass(kind, description.Build)))];
    }

    public NodeDescription Description { get; }

    public IReadOnlyList<Device> Devices { get; }

    public DateTimeOffset HeardAt { get; set; }

    /// <summary>True where the node has said that it ends.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>False where the node gets no new work: its free devices are not offered.</summary>
    public bool TakesWork { get; set; } = true;
}
