using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Nodes;

[NodePlacement]
internal sealed class NodeGrain(IEnumerable<INodeDevices> nodes) : Grain, INodeGrain
{
    private INodeDevices _devices = null!;
    private long _scheduler;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // One node a process is the rule; tests carry many.
        string name = this.GetPrimaryKeyString();
        _devices = nodes.FirstOrDefault(node => node.Description.Name == name) ?? throw new InvalidOperationException($"This process carries no node {name}.");
        return Task.CompletedTask;
    }

    public Task<NodeDescription> Describe(CancellationToken cancellationToken) => Task.FromResult(_devices.Description);

    public Task<NodeAnnouncement> Announcement(long scheduler, CancellationToken cancellationToken)
    {
        _scheduler = Math.Max(_scheduler, scheduler);
        return Task.FromResult(_devices.Announcement());
    }

    public Task<bool> Start(SegmentRequest request, CancellationToken cancellationToken) => Task.FromResult(
        request.Lease.Incarnation == _devices.Description.Incarnation && request.Lease.Scheduler >= _scheduler && _devices.Start(request));

    public Task Enter(Guid lease, JobView view, CancellationToken cancellationToken)
    {
        _devices.Enter(lease, view);
        return Task.CompletedTask;
    }

    public Task Stop(Guid lease, WorkerOrder order, CancellationToken cancellationToken)
    {
        _devices.Stop(lease, order);
        return Task.CompletedTask;
    }
}
