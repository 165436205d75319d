using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Jobs;

/// <summary>Something that happened to a job.</summary>
public abstract record JobEvent
{
    private JobEvent()
    {
    }

    /// <summary>The sweep names the job.</summary>
    public sealed record Submitted(JobSpec Spec) : JobEvent;

    /// <summary>The scheduler gives it a device. Raises the epoch.</summary>
    public sealed record Assigned(DeviceLease Lease) : JobEvent;

    /// <summary>The worker of <paramref name="Epoch"/> has written a complete checkpoint.</summary>
    public sealed record Checkpointed(long Epoch, ArtifactRef Manifest, CheckpointManifest Content, double DeviceSeconds) : JobEvent;

    /// <summary>The worker of <paramref name="Epoch"/> has stopped as asked, its checkpoint written.</summary>
    public sealed record Stopped(long Epoch) : JobEvent;

    /// <summary>The worker of <paramref name="Epoch"/> has finished training.</summary>
    public sealed record Trained(long Epoch, TrainingResult Result) : JobEvent;

    /// <summary>The worker of <paramref name="Epoch"/> failed or was lost.</summary>
    public sealed record WorkerFailed(long Epoch, FailureKind Kind, string Reason) : JobEvent;

    /// <summary>The card is in the catalogue (or was kept beside it, where the gate did not hold).</summary>
    public sealed record Published(ArtifactRef Card, bool PassesGate, string? Reason) : JobEvent;

    public sealed record PauseAsked : JobEvent;

    public sealed record ResumeAsked : JobEvent;

    public sealed record CancelAsked : JobEvent;
}
