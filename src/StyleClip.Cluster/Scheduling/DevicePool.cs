using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Contracts.Nodes;

namespace StyleClip.Cluster.Scheduling;

/// <summary>
/// The scheduler's picture of devices and jobs, and its one decision: what to ask of whom next. Pure bookkeeping, no calls. Whoever carries
/// out a <see cref="Move"/> says how it went: until then its device is offered to nobody else.
/// </summary>
internal sealed class DevicePool
{
    /// <summary>Time after which a node that says nothing is forgotten; nodes announce themselves every few seconds.</summary>
    public static readonly TimeSpan NodeExpiry = TimeSpan.FromSeconds(30);

    /// <summary>Time in which a node may still speak of the time before a device was given away.</summary>
    public static readonly TimeSpan StaleAnnouncement = TimeSpan.FromSeconds(10);

    /// <summary>Time after which a job that could not be reached is tried again.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private readonly DeviceTable _devices = new();
    private readonly TicketQueue _queue = new();
    private readonly NodeHealth _health = new();
    private readonly WidthPlan _widths;
    private readonly Dictionary<string, NodeMark> _marks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _excluded = new(StringComparer.Ordinal);
    private readonly Dictionary<JobKey, Offer> _offers = [];
    private readonly Dictionary<JobKey, long> _begun = [];
    private readonly List<(DateTimeOffset Due, JobTicket Ticket)> _postponed = [];

    public DevicePool() => _widths = new WidthPlan(_devices, _queue);

    /// <summary>Generation of the scheduler whose picture this is; its grants carry it.</summary>
    public long Generation
    {
        set => _devices.Generation = value;
    }

    public int Devices => _devices.Count;

    public int BusyDevices => _devices.Busy;

    public int QueuedJobs => _queue.Count;

    /// <summary>Adds a job's wish, or says it again. One from before the job got its newest device is out of date.</summary>
    public void Enqueue(JobTicket ticket, DateTimeOffset now)
    {
        if (_offers.TryGetValue(ticket.Job, out Offer? offer))
        {
            if (ticket.Epoch > offer.Ticket.Epoch) offer.Later = ticket;
            return;
        }

        if (_begun.TryGetValue(ticket.Job, out long begun) && ticket.Epoch <= begun && _devices.Of(ticket.Job).Count > 0) return;
        _widths.Forget(ticket.Job);
        _queue.Add(ticket, now);
    }

    /// <summary>The job wants no device (any more).</summary>
    public void Withdraw(JobKey job)
    {
        _queue.Remove(job);
        _widths.Forget(job);
        _postponed.RemoveAll(postponed => postponed.Ticket.Job == job);
        if (_offers.TryGetValue(job, out Offer? offer)) offer.Later = null;
    }

    /// <summary>A job that runs could use more devices.</summary>
    public void Hold(JobTicket ticket)
    {
        if (!_queue.Contains(ticket.Job)) _widths.Hold(ticket);
    }

    /// <summary>Takes over what a node says of itself.</summary>
    public void Announce(NodeAnnouncement announcement, DateTimeOffset now)
    {
        NodeDescription said = announcement.Node;
        if (_devices.Find(said.Name) is not { } node || node.Description.Incarnation != said.Incarnation)
        {
            if (_devices.Find(said.Name) is { } former) Forget(former);
            node = new KnownNode(said);
            _devices.Add(node);
        }

        (node.HeardAt, node.IsLeaving) = (now, announcement.IsLeaving);
        UpdateTakesWork(node, now);
        foreach (Device device in node.Devices) Believe(device, announcement.Busy[device.Index], announcement.Leases?[device.Index], now);
    }

    /// <summary>Forgets nodes that have been silent for long; they come back with their next announcement.</summary>
    public void Expire(DateTimeOffset now)
    {
        foreach (KnownNode node in _devices.Nodes.Where(node => node.HeardAt < now - NodeExpiry).ToArray()) Forget(node);
    }

    /// <summary>Forgets the nodes of a process that has ended.</summary>
    public void Lose(string silo)
    {
        foreach (KnownNode node in _devices.Nodes.Where(node => node.Description.Silo == silo).ToArray()) Forget(node);
    }

    /// <summary>Takes over a user's wish about a node; null: none.</summary>
    public void Mark(string name, NodeMark? mark, DateTimeOffset now)
    {
        if (mark is { } wish) _marks[name] = wish;
        else _marks.Remove(name);
        if (_devices.Find(name) is { } node) UpdateTakesWork(node, now);
    }

    /// <summary>True where the node is known, by itself or by a user's wish.</summary>
    public bool Knows(string name) => _marks.ContainsKey(name) || _devices.Find(name) is not null;

    /// <summary>A segment ended in a failure. Only those that a node may be blamed for count against it.</summary>
    public void ReportFailure(DeviceLease lease, FailureKind kind, string reason, DateTimeOffset now)
    {
        if (kind is not (FailureKind.Device or FailureKind.NodeLost)) return;
        if (_devices.Find(lease) is { } device && device.Grant?.Id == lease.Id) device.HasFailed = true;
        _health.Failed(lease.Node, reason, _devices.Nodes.Count, now);
        if (_health.ExclusionOf(lease.Node, now) is null) return;
        _excluded.Add(lease.Node);
        if (_devices.Find(lease.Node) is { } node) UpdateTakesWork(node, now);
    }

    /// <summary>
    /// What to ask next, or null where nothing is to do. Jobs that wait go before jobs that could be wider; a job is made narrower only
    /// where another waits for its kind of device and none is free.
    /// </summary>
    public Move? Next(DateTimeOffset now)
    {
        ReturnPostponed(now);
        Readmit(now);
        return NextVacate(now) ?? NextAssign() ?? _widths.NextWiden() ?? (Move?)_widths.NextNarrow(now);
    }

    /// <summary>The job has answered.</summary>
    public void Answered(Move move, bool accepted, DateTimeOffset now)
    {
        switch (move)
        {
            case Move.Assign assign:
                Answered(assign, accepted, now);
                break;
            case Move.Widen widen:
                if (OfferedDevice(widen.Lease) is { } device) Settle(device, accepted ? DeviceUse.Held : DeviceUse.Free, now);
                if (!accepted) _widths.Forget(widen.Job); // until it says again that it could be wider
                break;
            case Move.Narrow narrow when !accepted:
                _widths.RefusedNarrow(narrow.Job);
                break;
        }
    }

    /// <summary>The job could not be reached, or did not answer in time: whether it took the device, the device's node will say.</summary>
    public void Unanswered(Move move, DateTimeOffset now)
    {
        switch (move)
        {
            case Move.Assign assign:
                _offers.Remove(assign.Job, out Offer? offer);
                if (OfferedDevice(assign.Lease) is { } offered) Settle(offered, DeviceUse.Unsure, now, mayWork: true);
                _postponed.Add((now + RetryDelay, offer?.Later ?? assign.Ticket));
                break;
            case Move.Widen widen:
                if (OfferedDevice(widen.Lease) is { } device) Settle(device, DeviceUse.Unsure, now, mayWork: true);
                _widths.Forget(widen.Job);
                break;
            case Move.Narrow narrow:
                _widths.RefusedNarrow(narrow.Job);
                break;
        }
    }

    /// <summary>What outsiders see of the nodes, by name.</summary>
    public IReadOnlyList<NodeStatus> Nodes(DateTimeOffset now) => [.. _devices.Nodes
        .Select(node => StatusOf(node, now))
        .Concat(_marks.Where(mark => _devices.Find(mark.Key) is null).Select(mark => Absent(mark.Key, mark.Value)))
        .OrderBy(node => node.Name, StringComparer.Ordinal)];

    /// <summary>Waiting jobs by priority, and since when the first of them waits.</summary>
    public IReadOnlyList<QueueReading> Queue() => [.. _queue.Lines
        .GroupBy(line => line.Key.Priority)
        .Select(lines => new QueueReading(lines.Key, lines.Sum(line => line.Count), lines.Min(line => line.Head.Since)))];

    private Move.Vacate? NextVacate(DateTimeOffset now)
    {
        foreach ((string name, NodeMark mark) in _marks)
        {
            if (mark != NodeMark.Draining || _devices.Find(name) is not { } node) continue;
            foreach (Device device in node.Devices)
            {
                if (device is not { Use: DeviceUse.Held, Job: { } job, Grant: { } grant }) continue;
                if (device.VacateAskedAt is { } asked && now - asked < WidthPlan.Patience) continue;
                device.VacateAskedAt = now;
                return new Move.Vacate(job, grant);
            }
        }

        return null;
    }

    // Higher priority, then the sweep that uses the fewest devices, then jobs that have begun (only they are bound to a kind), then the
    // one that has waited longest.
    private Move.Assign? NextAssign()
    {
        TicketQueue.Line? best = null;
        (int, int, bool, long) bestRank = default;
        foreach (TicketQueue.Line line in _queue.Lines)
        {
            if (!_devices.HasFree(line.Key.DeviceKind)) continue;
            int used = _devices.UsedBy(line.Key.Sweep);
            if (used >= line.Head.Ticket.SweepMaxDevices) continue;
            var rank = (-line.Key.Priority, used, line.Key.DeviceKind is null, line.Head.Arrival);
            if (best is null || rank.CompareTo(bestRank) < 0) (best, bestRank) = (line, rank);
        }

        if (best is null) return null;
        JobTicket ticket = best.Head.Ticket;
        Device device = _devices.FirstFree(ticket.DeviceKind, ticket.FailedOn)!;
        _queue.Remove(ticket.Job);
        _offers[ticket.Job] = new Offer(ticket);
        return new Move.Assign(ticket, _devices.Offer(device, ticket.Job));
    }

    private void Answered(Move.Assign assign, bool accepted, DateTimeOffset now)
    {
        _offers.Remove(assign.Job, out Offer? offer);
        JobTicket? later = offer?.Later;
        // A job that refuses and asks again wanted the device, but its node did not take the job: the picture of that node is wrong.
        if (OfferedDevice(assign.Lease) is { } device)
        {
            Settle(device, accepted ? DeviceUse.Held : later is null ? DeviceUse.Free : DeviceUse.Unsure, now);
            if (accepted) _begun[assign.Job] = assign.Ticket.Epoch;
        }

        if (later is not null) Enqueue(later, now);
    }

    private Device? OfferedDevice(DeviceLease lease) =>
        _devices.Find(lease) is { Use: DeviceUse.Offered } device && device.Grant?.Id == lease.Id ? device : null;

    // Where nobody answered, the device may work for the job: it counts as the job's until its node has spoken.
    private void Settle(Device device, DeviceUse use, DateTimeOffset now, bool mayWork = false)
    {
        device.TakenAt = now;
        _devices.Set(device, use, use == DeviceUse.Held || mayWork ? device.Job : null);
    }

    // An offer's answer knows better than an announcement, and so does an accepted offer for a while, until its node has seen it.
    private void Believe(Device device, JobKey? job, Guid? lease, DateTimeOffset now)
    {
        if (device.Use == DeviceUse.Offered) return;
        bool isSeen = lease is null || device.Grant is null || lease == device.Grant.Id;
        if (device.Job is not null && !isSeen && now - device.TakenAt < StaleAnnouncement) return;
        if (lease is { } id && id != Guid.Empty && device.Grant?.Id != id) device.Grant = device.NewGrant(id);
        if (device is { Use: DeviceUse.Held, Job: { } former } && former != job)
        {
            _widths.Released(former);
            if (!device.HasFailed) _health.Succeeded(device.Node.Description.Name);
        }

        if (device.Job != job || device.Use == DeviceUse.Unsure) (device.HasFailed, device.VacateAskedAt) = (false, null);
        JobKey? before = device.Job;
        _devices.Set(device, job is null ? DeviceUse.Free : DeviceUse.Held, job);
        if (before is { } left) ForgetIfIdle(left);
    }

    private void Forget(KnownNode node)
    {
        JobKey[] jobs = [.. node.Devices.Select(device => device.Job).OfType<JobKey>().Distinct()];
        _devices.Remove(node.Description.Name);
        foreach (JobKey job in jobs) ForgetIfIdle(job);
    }

    private void ForgetIfIdle(JobKey job)
    {
        if (_devices.Of(job).Count > 0) return;
        _begun.Remove(job);
        _widths.Forget(job);
    }

    private void ReturnPostponed(DateTimeOffset now)
    {
        for (int i = _postponed.Count - 1; i >= 0; i--)
        {
            if (_postponed[i].Due > now) continue;
            JobTicket ticket = _postponed[i].Ticket;
            _postponed.RemoveAt(i);
            if (!_queue.Contains(ticket.Job)) Enqueue(ticket, now);
        }
    }

    private void Readmit(DateTimeOffset now)
    {
        if (_excluded.Count == 0) return;
        foreach (string name in _excluded.Where(name => _health.ExclusionOf(name, now) is null).ToArray())
        {
            _excluded.Remove(name);
            if (_devices.Find(name) is { } node) UpdateTakesWork(node, now);
        }
    }

    private void UpdateTakesWork(KnownNode node, DateTimeOffset now)
    {
        string name = node.Description.Name;
        _devices.SetTakesWork(node, !node.IsLeaving && !_marks.ContainsKey(name) && _health.ExclusionOf(name, now) is null);
    }

    private NodeStatus StatusOf(KnownNode node, DateTimeOffset now)
    {
        string name = node.Description.Name;
        var exclusion = _health.ExclusionOf(name, now);
        NodeMark? mark = _marks.TryGetValue(name, out NodeMark wish) ? wish : null;
        NodeState state = mark switch
        {
            NodeMark.Draining => node.Devices.All(device => device.Use == DeviceUse.Free) ? NodeState.Drained : NodeState.Draining,
            NodeMark.Cordoned => NodeState.Cordoned,
            _ when node.IsLeaving => NodeState.Draining,
            _ => exclusion is null ? NodeState.Ready : NodeState.Excluded,
        };
        return new NodeStatus
        {
            Name = name,
            State = state,
            Build = node.Description.Build,
            HeardAt = node.HeardAt,
            Reason = exclusion is { } excluded ? $"Excluded until {excluded.Until:HH:mm:ss} UTC: {excluded.Reason}" : null,
            Devices = [.. node.Devices.Select(device => new NodeDeviceStatus
            {
                Index = device.Index,
                Kind = device.Class.Kind,
                Sweep = device.Job is { } job ? new(job.Sweep) : null,
                Job = device.Job is { } key ? new(key.Job) : null,
            })],
        };
    }

    private static NodeStatus Absent(string name, NodeMark mark) => new()
    {
        Name = name,
        State = mark == NodeMark.Cordoned ? NodeState.Cordoned : NodeState.Drained,
        Devices = [],
        Reason = "Nothing has been heard of this node.",
    };

    private sealed class Offer(JobTicket ticket)
    {
        public JobTicket Ticket => ticket;

        /// <summary>What the job asked for while it was being asked.</summary>
        public JobTicket? Later { get; set; }
    }
}
