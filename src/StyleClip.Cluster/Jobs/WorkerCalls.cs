using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Nodes;

namespace StyleClip.Cluster.Jobs;

/// <summary>
/// What a job says to its workers. Only the start is waited for: a node that hangs must not hang the job, and whatever is missed a worker
/// learns from the answer to its next sign of life.
/// </summary>
internal sealed partial class WorkerCalls(IGrainFactory grains, ILogger logger)
{
    public async Task<bool> Start(SegmentRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetGrain<INodeGrain>(request.Lease.Node).Start(request, cancellationToken);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            LogStartFailed(exception, request.Job, request.Lease);
            return false;
        }
    }

    public void Enter(DeviceLease lease, JobView view) => Tell(lease, node => node.Enter(lease.Id, view, CancellationToken.None));

    public void Stop(DeviceLease lease, WorkerOrder order) => Tell(lease, node => node.Stop(lease.Id, order, CancellationToken.None));

    private async void Tell(DeviceLease lease, Func<INodeGrain, Task> call)
    {
        try
        {
            await call(grains.GetGrain<INodeGrain>(lease.Node));
        }
        catch (Exception exception) // nobody awaits this
        {
            LogUntold(exception, lease);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Job {Job}: device {Lease} could not be started")]
    private partial void LogStartFailed(Exception exception, JobKey job, DeviceLease lease);

    [LoggerMessage(LogLevel.Information, "{Lease} could not be told what its job wants")]
    private partial void LogUntold(Exception exception, DeviceLease lease);
}
