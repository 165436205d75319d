using Orleans.Concurrency;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Contracts.Nodes;

namespace StyleClip.Cluster.Scheduling;

/// <summary>
/// Gives devices to jobs. There is one, key 0. Nodes announce themselves and waiting jobs repeat their tickets, so it keeps nothing in the
/// store but users' wishes about nodes.
/// </summary>
public interface ISchedulerGrain : IGrainWithIntegerKey
{
    /// <summary>Puts a job in the queue; one that is queued already keeps its place.</summary>
    Task Enqueue(JobTicket ticket, CancellationToken cancellationToken);

    /// <summary>The job wants no device, or no more devices.</summary>
    Task Withdraw(JobKey job, CancellationToken cancellationToken);

    /// <summary>A running job could use more devices. It says so again from time to time, and always after it refused one.</summary>
    Task Hold(JobTicket ticket, CancellationToken cancellationToken);

    /// <summary>A node joins, or says what its devices do.</summary>
    Task Announce(NodeAnnouncement announcement, CancellationToken cancellationToken);

    /// <summary>A segment failed. A node that fails repeatedly gets no work for a while.</summary>
    Task ReportFailure(DeviceLease lease, FailureKind kind, string reason, CancellationToken cancellationToken);

    /// <summary>Gives a node no new work, or (false) gives it work again, also after <see cref="Drain"/>. False: no such node is known.</summary>
    Task<bool> Cordon(string node, bool cordoned, CancellationToken cancellationToken);

    /// <summary>Gives a node no new work and asks its jobs to go elsewhere. False: no such node is known.</summary>
    Task<bool> Drain(string node, CancellationToken cancellationToken);

    [AlwaysInterleave]
    Task<SchedulerStatus> Status(CancellationToken cancellationToken);

    /// <summary>The nodes, by name.</summary>
    [AlwaysInterleave]
    Task<IReadOnlyList<NodeStatus>> Nodes(CancellationToken cancellationToken);
}
