using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Nodes;

[NodePlacement]
internal sealed class NodeGrain(INodeDevices devices) : Grain, INodeGrain
{
    public Task<NodeDescription> Describe(CancellationToken cancellationToken) => Task.FromResult(devices.Description);

    public Task<bool> Start(SegmentRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(request.Lease.Incarnation == devices.Description.Incarnation && devices.Start(request));

    public Task Stop(JobKey job, long epoch, WorkerOrder order, CancellationToken cancellationToken)
    {
        devices.Stop(job, epoch, order);
        return Task.CompletedTask;
    }
}
