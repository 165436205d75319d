using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Nodes;

/// <summary>A node's front inside the cluster. Key: the node's name. Runs in the node's own process.</summary>
public interface INodeGrain : IGrainWithStringKey
{
    Task<NodeDescription> Describe(CancellationToken cancellationToken);

    /// <summary>Begins a segment. False: the device is busy, or the node was restarted since the lease was written.</summary>
    Task<bool> Start(SegmentRequest request, CancellationToken cancellationToken);

    Task Stop(JobKey job, long epoch, WorkerOrder order, CancellationToken cancellationToken);
}
