namespace StyleClip.Cluster.Jobs;

/// <summary>One grant of a device to a job.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="Device">Index of the device on its node.</param>
/// <param name="Incarnation">The node's process: a restarted node of the same name is another one.</param>
/// <param name="Silo">Address of the node's silo, by which the cluster knows whether the process lives.</param>
/// <param name="Id">The grant: the same device given again is another grant.</param>
/// <param name="Scheduler">Generation of the scheduler that gave it: nodes refuse grants from before the newest one that asked what they do.</param>
[GenerateSerializer, Immutable]
public sealed record DeviceLease(
    [property: Id(0)] string Node,
    [property: Id(1)] int Device,
    [property: Id(2)] Guid Incarnation,
    [property: Id(3)] string Silo,
    [property: Id(4)] Guid Id,
    [property: Id(5)] long Scheduler = 0)
{
    /// <summary>Whether <paramref name="other"/> grants the same device of the same process.</summary>
    public bool IsSameDevice(DeviceLease other) => Incarnation == other.Incarnation && Device == other.Device;

    public override string ToString() => $"{Node}/{Device}";
}
