using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;

namespace StyleClip.Cluster.Scheduling;

/// <summary>
/// The scheduler's picture of devices and waiting jobs, and its one decision: which job gets which free device. Pure bookkeeping, no calls.
/// </summary>
internal sealed class DevicePool
{
    private readonly SortedDictionary<string, NodeDevices> _nodes = new(StringComparer.Ordinal);
    private readonly LinkedList<JobTicket> _queue = new();
    private readonly Dictionary<JobKey, LinkedListNode<JobTicket>> _tickets = [];

    public int Devices => _nodes.Values.Sum(node => node.Busy.Length);

    public int BusyDevices => _nodes.Values.Sum(node => node.Busy.Count(job => job is not null));

    public int QueuedJobs => _queue.Count;

    public void Enqueue(JobTicket ticket)
    {
        if (_tickets.TryGetValue(ticket.Job, out LinkedListNode<JobTicket>? queued)) queued.Value = ticket;
        else _tickets[ticket.Job] = _queue.AddLast(ticket);
    }

    public void Withdraw(JobKey job)
    {
        if (_tickets.Remove(job, out LinkedListNode<JobTicket>? queued)) _queue.Remove(queued);
    }

    /// <summary>Takes over what a node says. Nodes that have not been heard of since <paramref name="expired"/> are forgotten.</summary>
    public void Announce(NodeAnnouncement announcement, DateTimeOffset now, DateTimeOffset expired)
    {
        _nodes[announcement.Node.Name] = new NodeDevices(announcement.Node, [.. announcement.Busy], now);
        foreach (string name in _nodes.Where(node => node.Value.HeardAt < expired).Select(node => node.Key).ToArray()) _nodes.Remove(name);
    }

    /// <summary>
    /// The next job and its device, or null where nothing fits. The sweep that uses the fewest devices goes first; within a sweep, the job
    /// that has waited longest. The device counts as busy from then on.
    /// </summary>
    public (JobTicket Ticket, DeviceLease Lease)? TakeNext()
    {
        Dictionary<string, int> used = UsedBySweep();
        var candidates = _queue
            .Where(ticket => ticket.SweepMaxDevices is not { } max || used.GetValueOrDefault(ticket.Job.Sweep) < max)
            .OrderBy(ticket => used.GetValueOrDefault(ticket.Job.Sweep)); // stable: the queue's order within a sweep
        foreach (JobTicket ticket in candidates)
        {
            if (FreeDevice(ticket.DeviceKind) is not { } free) continue;
            free.Node.Busy[free.Device] = ticket.Job;
            Withdraw(ticket.Job);
            return (ticket, new DeviceLease(free.Node.Description.Name, free.Device, free.Node.Description.Incarnation, free.Node.Description.Silo, Guid.NewGuid()));
        }

        return null;
    }

    /// <summary>The offer was refused or could not be delivered: the device is free again.</summary>
    public void Return(DeviceLease lease)
    {
        if (_nodes.TryGetValue(lease.Node, out NodeDevices? node) && node.Description.Incarnation == lease.Incarnation) node.Busy[lease.Device] = null;
    }

    /// <summary>Forgets a node that does not answer; it comes back with its next announcement.</summary>
    public void Forget(string node) => _nodes.Remove(node);

    private Dictionary<string, int> UsedBySweep() => _nodes.Values
        .SelectMany(node => node.Busy)
        .OfType<JobKey>()
        .GroupBy(job => job.Sweep, StringComparer.Ordinal)
        .ToDictionary(sweep => sweep.Key, sweep => sweep.Count(), StringComparer.Ordinal);

    private (NodeDevices Node, int Device)? FreeDevice(string? kind)
    {
        foreach (NodeDevices node in _nodes.Values)
        {
            for (int device = 0; device < node.Busy.Length; device++)
            {
                if (node.Busy[device] is null && (kind is null || node.Description.DeviceKinds[device] == kind)) return (node, device);
            }
        }

        return null;
    }

    private sealed record NodeDevices(NodeDescription Description, JobKey?[] Busy, DateTimeOffset HeardAt);
}
