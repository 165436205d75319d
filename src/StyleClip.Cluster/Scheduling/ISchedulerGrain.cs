using Orleans.Concurrency;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;

namespace StyleClip.Cluster.Scheduling;

/// <summary>
/// Gives devices to jobs. There is one, key 0. All it knows it is told again: nodes announce themselves and waiting jobs repeat their
/// tickets, so it keeps nothing in the store.
/// </summary>
public interface ISchedulerGrain : IGrainWithIntegerKey
{
    /// <summary>Puts a job in the queue; one that is queued already keeps its place.</summary>
    Task Enqueue(JobTicket ticket, CancellationToken cancellationToken);

    /// <summary>Takes a job out of the queue.</summary>
    Task Withdraw(JobKey job, CancellationToken cancellationToken);

    /// <summary>A node joins, or says what its devices do.</summary>
    Task Announce(NodeAnnouncement announcement, CancellationToken cancellationToken);

    [AlwaysInterleave]
    Task<SchedulerStatus> Status(CancellationToken cancellationToken);
}
