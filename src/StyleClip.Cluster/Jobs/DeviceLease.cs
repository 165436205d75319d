namespace StyleClip.Cluster.Jobs;

/// <summary>The device that a job was given.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="Device">Index of the device on its node.</param>
/// <param name="Incarnation">The node's process: a restarted node of the same name is another one.</param>
[GenerateSerializer, Immutable]
public sealed record DeviceLease([property: Id(0)] string Node, [property: Id(1)] int Device, [property: Id(2)] Guid Incarnation)
{
    public override string ToString() => $"{Node}/{Device}";
}
