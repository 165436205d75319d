using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Nodes;

[NodePlacement]
internal sealed class NodeGrain(INodeDevices devices) : Grain, INodeGrain
{
    public Task<NodeDescription> Describe(CancellationToken cancellationToken) => Task.FromResult(devices.Description);

    public Task<bool> Start(SegmentRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(request.Lease.Incarnation == devices.Description.Incarnation && devices.Start(request));

    public Task Enter(Guid lease, JobView view, CancellationToken cancellationToken)
    {
        devices.Enter(lease, view);
        return Task.CompletedTask;
    }

    public Task Stop(Guid lease, WorkerOrder order, CancellationToken cancellationToken)
    {
        devices.Stop(lease, order);
        return Task.CompletedTask;
    }
}
