namespace StyleClip.Cluster.Nodes;

/// <summary>What a node brings to the cluster.</summary>
[GenerateSerializer, Immutable]
public sealed record NodeDescription
{
    [Id(0)] public required string Name { get; init; }

    /// <summary>Identifies the node's process: a restarted node has another one.</summary>
    [Id(1)] public required Guid Incarnation { get; init; }

    /// <summary>One entry per device, its kind.</summary>
    [Id(2)] public required string[] DeviceKinds { get; init; }

    [Id(3)] public required string Build { get; init; }

    /// <summary>Address of the node's silo, by which the cluster knows whether the process lives.</summary>
    [Id(4)] public required string Silo { get; init; }
}
