using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Scheduling;

/// <summary>Which running job gets a device that nobody waits for, and which one gives a device back when somebody waits again.</summary>
internal sealed class WidthPlan(DeviceTable devices, TicketQueue queue)
{
    /// <summary>Time that a job has to give back what it was asked for, before it is asked again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<JobKey, Wish> _wishes = [];
    private readonly Dictionary<JobKey, Request> _requests = [];
    private long _arrivals;

    /// <summary>A job that runs could use more devices.</summary>
    public void Hold(JobTicket ticket)
    {
        if (ticket.MaxWidth <= 1) return;
        long arrival = _wishes.TryGetValue(ticket.Job, out Wish known) ? known.Arrival : _arrivals++;
        _wishes[ticket.Job] = new Wish(ticket, arrival);
    }

    public void Forget(JobKey job) => _wishes.Remove(job);

    /// <summary>A device of the job is free again.</summary>
    public void Released(JobKey job) => _requests.Remove(job);

    public void RefusedNarrow(JobKey job)
    {
        if (_requests.TryGetValue(job, out Request request)) _requests[job] = request with { IsOpen = false };
    }

    /// <summary>Higher priority first, then the job that is furthest from its full width, then the sweep that uses the fewest devices.</summary>
    public Move.Widen? NextWiden()
    {
        if (!devices.FreeClasses.Any()) return null;
        Wish? best = null;
        (int, double, int, long) bestRank = default;
        foreach (Wish wish in _wishes.Values)
        {
            if (ClassFor(wish.Ticket) is not { } deviceClass || !devices.HasFree(deviceClass)) continue;
            int used = devices.UsedBy(wish.Ticket.Job.Sweep);
            if (used >= wish.Ticket.SweepMaxDevices) continue;
            var rank = (-wish.Ticket.Priority, (double)devices.Of(wish.Ticket.Job).Count / wish.Ticket.MaxWidth, used, wish.Arrival);
            if (best is null || rank.CompareTo(bestRank) < 0) (best, bestRank) = (wish, rank);
        }

        if (best is not { Ticket: { } ticket }) return null;
        Device device = devices.FirstFree(ClassFor(ticket)!.Value)!;
        return new Move.Widen(ticket.Job, devices.Offer(device, ticket.Job));
    }

    /// <summary>The widest job among those that can help a line which waits in vain.</summary>
    public Move.Narrow? NextNarrow(DateTimeOffset now)
    {
        if (queue.Count == 0 || devices.WideJobs.Count == 0) return null;
        foreach (TicketQueue.Line line in queue.Lines.OrderByDescending(line => line.Key.Priority).ThenBy(line => line.Head.Arrival))
        {
            if (devices.HasFree(line.Key.DeviceKind) && !IsAtLimit(line)) continue; // somebody is about to take that device
            if (_requests.Values.Count(request => request.IsOpen && request.For == line.Key && now - request.At < Patience) >= Wanted(line)) continue;
            if (WidestFor(line, now) is not { } job) continue;
            _requests[job] = new Request(line.Key, now, IsOpen: true);
            return new Move.Narrow(job);
        }

        return null;
    }

    private JobKey? WidestFor(TicketQueue.Line line, DateTimeOffset now)
    {
        JobKey? widest = null;
        int width = 1;
        bool isAtLimit = IsAtLimit(line);
        foreach (JobKey job in devices.WideJobs)
        {
            IReadOnlyList<Device> held = devices.Of(job);
            if (held.Count <= width || held.Any(device => device.Use == DeviceUse.Offered)) continue;
            if (line.Key.DeviceKind is { } kind && held[^1].Class.Kind != kind) continue;
            if (isAtLimit && job.Sweep != line.Key.Sweep) continue;
            if (_requests.TryGetValue(job, out Request request) && now - request.At < Patience) continue;
            (widest, width) = (job, held.Count);
        }

        return widest;
    }

    private bool IsAtLimit(TicketQueue.Line line) => devices.UsedBy(line.Key.Sweep) >= line.Head.Ticket.SweepMaxDevices;

    // A sweep at its limit trades width for prompts one by one; one below it may take what its limit leaves.
    private int Wanted(TicketQueue.Line line) => line.Head.Ticket.SweepMaxDevices is { } max && !IsAtLimit(line)
        ? Math.Min(line.Count, max - devices.UsedBy(line.Key.Sweep))
        : line.Count;

    // Only devices of the job's own kind and build may join it, and one at a time. The newest device tells the kind: an older one may be
    // what the job has left and its node has not said yet.
    private DeviceClass? ClassFor(JobTicket ticket)
    {
        IReadOnlyList<Device> held = devices.Of(ticket.Job);
        if (held.Count == 0 || held.Count >= ticket.MaxWidth || held.Any(device => device.Use == DeviceUse.Offered)) return null;
        DeviceClass own = held[^1].Class;
        return (ticket.DeviceKind ?? own.Kind) == own.Kind && (ticket.Build ?? own.Build) == own.Build ? own : null;
    }

    private readonly record struct Wish(JobTicket Ticket, long Arrival);

    private readonly record struct Request(TicketQueue.LineKey For, DateTimeOffset At, bool IsOpen);
}
