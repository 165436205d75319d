using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Jobs;

/// <summary>Something that happened to a job. What workers say carries their lease: a lease that is no longer held changes nothing.</summary>
public abstract record JobEvent
{
    private JobEvent()
    {
    }

    /// <summary>The sweep names the job.</summary>
    public sealed record Submitted(JobSpec Spec) : JobEvent;

    /// <summary>The scheduler gives it a device. Raises the epoch.</summary>
    public sealed record Assigned(DeviceLease Lease) : JobEvent;

    /// <summary>The device's node did not begin: it is gone, or the device is busy. Nothing was tried, so nothing of the job has failed.</summary>
    public sealed record Refused(Guid Lease) : JobEvent;

    /// <summary>Another device joins. Raises the epoch.</summary>
    public sealed record Joined(DeviceLease Lease) : JobEvent;

    /// <summary>A member of several is taken out of the job. Raises the epoch.</summary>
    public sealed record Left(Guid Lease) : JobEvent;

    /// <summary>The leader has written a complete checkpoint.</summary>
    public sealed record Checkpointed(Guid Lease, ArtifactRef Manifest, CheckpointManifest Content, double DeviceSeconds) : JobEvent;

    /// <summary>A worker has stopped as asked; a leader has written a checkpoint before.</summary>
    public sealed record Stopped(Guid Lease) : JobEvent;

    /// <summary>The leader has finished training.</summary>
    public sealed record Trained(Guid Lease, TrainingResult Result) : JobEvent;

    /// <summary>A worker failed or was lost.</summary>
    public sealed record WorkerFailed(Guid Lease, FailureKind Kind, string Reason) : JobEvent;

    /// <summary>The card is in the catalogue (or was kept beside it, where the gate did not hold).</summary>
    public sealed record Published(ArtifactRef Card, bool PassesGate, string? Reason) : JobEvent;

    public sealed record PauseAsked : JobEvent;

    public sealed record ResumeAsked : JobEvent;

    public sealed record CancelAsked : JobEvent;
}
