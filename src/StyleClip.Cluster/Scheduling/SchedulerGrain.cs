using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;

namespace StyleClip.Cluster.Scheduling;

internal sealed partial class SchedulerGrain(TimeProvider time, ILogger<SchedulerGrain> logger) : Grain, ISchedulerGrain
{
    /// <summary>Time after which a node that says nothing is forgotten; nodes announce themselves every few seconds.</summary>
    private static readonly TimeSpan NodeExpiry = TimeSpan.FromSeconds(30);

    private readonly DevicePool _pool = new();
    private bool _matching;

    public Task Enqueue(JobTicket ticket, CancellationToken cancellationToken)
    {
        _pool.Enqueue(ticket);
        MatchSoon();
        return Task.CompletedTask;
    }

    public Task Withdraw(JobKey job, CancellationToken cancellationToken)
    {
        _pool.Withdraw(job);
        return Task.CompletedTask;
    }

    public Task Announce(NodeAnnouncement announcement, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        _pool.Announce(announcement, now, now - NodeExpiry);
        MatchSoon();
        return Task.CompletedTask;
    }

    public Task<SchedulerStatus> Status(CancellationToken cancellationToken) => Task.FromResult(new SchedulerStatus
    {
        Devices = _pool.Devices,
        BusyDevices = _pool.BusyDevices,
        QueuedJobs = _pool.QueuedJobs,
    });

    // Jobs call the scheduler and the scheduler calls jobs. Offers are made from a timer, after the call that caused them has returned:
    // a job must not wait for the scheduler while the scheduler waits for that job.
    private void MatchSoon()
    {
        if (_matching) return;
        _matching = true;
        this.RegisterGrainTimer(Match, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true });
    }

    private async Task Match(CancellationToken cancellationToken)
    {
        _matching = false;
        while (_pool.TakeNext() is { } match)
        {
            if (!await Offer(match.Ticket, match.Lease, cancellationToken)) _pool.Return(match.Lease);
        }
    }

    private async Task<bool> Offer(JobTicket ticket, DeviceLease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await GrainFactory.GetGrain<IJobGrain>(ticket.Job.ToString()).Assign(lease, cancellationToken);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or IOException)
        {
            LogOfferFailed(exception, ticket.Job, lease);
            _pool.Enqueue(ticket);
            _pool.Forget(lease.Node);
            return true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Job {Job} could not be given device {Lease}; it goes back into the queue")]
    private partial void LogOfferFailed(Exception exception, JobKey job, DeviceLease lease);
}
