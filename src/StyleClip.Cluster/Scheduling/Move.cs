using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Scheduling;

/// <summary>Something that the scheduler asks of a job. The job's answer goes back to <see cref="DevicePool"/>.</summary>
internal abstract record Move(JobKey Job)
{
    /// <summary>Here is a device to begin or go on with.</summary>
    internal sealed record Assign(JobTicket Ticket, DeviceLease Lease) : Move(Ticket.Job);

    /// <summary>Here is one more device.</summary>
    internal sealed record Widen(JobKey Job, DeviceLease Lease) : Move(Job);

    /// <summary>Others wait: give a device back.</summary>
    internal sealed record Narrow(JobKey Job) : Move(Job);

    /// <summary>Leave this device.</summary>
    internal sealed record Vacate(JobKey Job, DeviceLease Lease) : Move(Job);
}
