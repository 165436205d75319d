using Orleans.Concurrency;
using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Nodes;

/// <summary>A node's front inside the cluster. Key: the node's name. Runs in the node's own process.</summary>
public interface INodeGrain : IGrainWithStringKey
{
    [AlwaysInterleave]
    [ResponseTimeout("00:00:10")]
    Task<NodeDescription> Describe(CancellationToken cancellationToken);

    /// <summary>
    /// What the node's devices do now: a scheduler that was made anew asks, before it gives anything out. From then on the node begins
    /// nothing that an older one has granted: such a grant would be on its way still, and the new scheduler would not know of it.
    /// </summary>
    [AlwaysInterleave]
    [ResponseTimeout("00:00:03")]
    Task<NodeAnnouncement> Announcement(long scheduler, CancellationToken cancellationToken);

    /// <summary>Begins a segment. False: the device is busy, the node was restarted since the lease was written, or a newer scheduler knows nothing of it.</summary>
    [AlwaysInterleave]
    [ResponseTimeout("00:00:10")]
    Task<bool> Start(SegmentRequest request, CancellationToken cancellationToken);

    /// <summary>Tells a segment who works for its job now.</summary>
    [AlwaysInterleave]
    [ResponseTimeout("00:00:10")]
    Task Enter(Guid lease, JobView view, CancellationToken cancellationToken);

    [AlwaysInterleave]
    [ResponseTimeout("00:00:10")]
    Task Stop(Guid lease, WorkerOrder order, CancellationToken cancellationToken);
}
