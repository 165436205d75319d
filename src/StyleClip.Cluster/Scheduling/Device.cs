using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;

namespace StyleClip.Cluster.Scheduling;

/// <summary>A device as the scheduler knows it. Changed only by <see cref="DeviceTable"/>, which keeps the indices.</summary>
internal sealed class Device(KnownNode node, int index, DeviceClass deviceClass)
{
    public KnownNode Node => node;

    public int Index => index;

    public DeviceClass Class => deviceClass;

    public DeviceUse Use { get; set; } = DeviceUse.Unsure;

    /// <summary>The job that the device works for or was offered to.</summary>
    public JobKey? Job { get; set; }

    /// <summary>The newest grant that is known here.</summary>
    public DeviceLease? Grant { get; set; }

    /// <summary>When the job took the grant.</summary>
    public DateTimeOffset TakenAt { get; set; }

    /// <summary>True where the newest grant ended in a failure of the device.</summary>
    public bool HasFailed { get; set; }

    /// <summary>When the job was asked to leave the device.</summary>
    public DateTimeOffset? VacateAskedAt { get; set; }

    /// <summary>A grant of this device.</summary>
    public DeviceLease NewGrant(Guid id, long scheduler = 0)
    {
        NodeDescription description = node.Description;
        return new DeviceLease(description.Name, index, description.Incarnation, description.Silo, id, scheduler);
    }
}
