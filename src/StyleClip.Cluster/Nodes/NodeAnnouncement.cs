using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Nodes;

/// <summary>What a node tells the scheduler of itself: when it joins, when a device becomes free, and now and then.</summary>
[GenerateSerializer, Immutable]
public sealed record NodeAnnouncement
{
    [Id(0)] public required NodeDescription Node { get; init; }

    /// <summary>One entry per device: the job that it works for, or null.</summary>
    [Id(1)] public required JobKey?[] Busy { get; init; }

    /// <summary>
    /// One entry per device: the newest lease under which it worked, empty where there was none. Tells an announcement that was written
    /// before the device was given away from one after it was given back.
    /// </summary>
    [Id(2)] public Guid[]? Leases { get; init; }

    /// <summary>True from the moment that the node was told to end: it finishes what it does and takes no new work.</summary>
    [Id(3)] public bool IsLeaving { get; init; }
}
