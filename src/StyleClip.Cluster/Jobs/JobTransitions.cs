using StyleClip.Contracts.Jobs;

namespace StyleClip.Cluster.Jobs;

/// <summary>
/// The rules of a job: state and event to state. An event that does not apply (an earlier epoch, a phase that has passed) returns the state
/// itself, so that late and repeated messages change nothing.
/// </summary>
public static class JobTransitions
{
    /// <summary>Failures without a checkpoint between them after which a job is given up.</summary>
    public const int MaxFailuresInARow = 4;

    public static JobState Apply(JobState job, JobEvent happened) => happened switch
    {
        JobEvent.Submitted e => Submitted(job, e),
        JobEvent.Assigned e => job.Phase == JobPhase.Pending
            ? job with { Phase = JobPhase.Running, Epoch = job.Epoch + 1, Lease = e.Lease, Reason = null }
            : job,
        JobEvent.Checkpointed e => IsOwner(job, e.Epoch) && e.Content.Step >= job.CheckpointStep ? Checkpointed(job, e) : job,
        JobEvent.Stopped e => IsOwner(job, e.Epoch) ? Stopped(job) : job,
        JobEvent.Trained e => IsOwner(job, e.Epoch)
            ? job with { Phase = JobPhase.Publishing, Lease = null, Result = e.Result, Best = e.Result.Metrics, Strip = e.Result.Strip }
            : job,
        JobEvent.WorkerFailed e => IsOwner(job, e.Epoch) ? WorkerFailed(job, e) : job,
        JobEvent.Published e => job.Phase == JobPhase.Publishing
            ? job with { Phase = e.PassesGate ? JobPhase.Succeeded : JobPhase.Rejected, Card = e.Card, Reason = e.Reason }
            : job,
        JobEvent.PauseAsked => Pause(job),
        JobEvent.ResumeAsked => Resume(job),
        JobEvent.CancelAsked => job.Phase.HasEnded() || job.Phase == JobPhase.Publishing
            ? job
            : job with { Phase = JobPhase.Cancelled, Epoch = job.Epoch + 1, Lease = null, Reason = "Cancelled by a user." },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "Unknown job event."),
    };

    // Submitting again is how a user asks for another try, where one could end otherwise.
    private static JobState Submitted(JobState job, JobEvent.Submitted e) => job switch
    {
        { Spec: null } => job with { Spec = e.Spec },
        { Phase: JobPhase.Failed, Failure: FailureKind.NodeLost or FailureKind.Device or FailureKind.Store } =>
            job with { Phase = JobPhase.Pending, Epoch = job.Epoch + 1, FailuresInARow = 0, Reason = null },
        _ => job,
    };

    private static bool IsOwner(JobState job, long epoch) => job.Phase.HoldsDevice() && job.Epoch == epoch;

    private static JobState Checkpointed(JobState job, JobEvent.Checkpointed e) => job with
    {
        Checkpoint = e.Manifest,
        CheckpointStep = e.Content.Step,
        DeviceKind = e.Content.DeviceKind,
        FailuresInARow = 0,
        LastValidation = e.Content.Validation ?? job.LastValidation,
        Best = e.Content.Best ?? job.Best,
        Strip = e.Content.Strip,
        DeviceSeconds = job.DeviceSeconds + e.DeviceSeconds,
    };

    // A worker may also stop because its node drains: then the job waits for another device.
    private static JobState Stopped(JobState job) => job with
    {
        Phase = job.Phase == JobPhase.Pausing ? JobPhase.Paused : JobPhase.Pending,
        Lease = null,
    };

    private static JobState WorkerFailed(JobState job, JobEvent.WorkerFailed e)
    {
        job = job with { Lease = null, Failure = e.Kind, FailuresInARow = job.FailuresInARow + 1, Reason = e.Reason };
        if (e.Kind is FailureKind.Diverged or FailureKind.Input) return job with { Phase = JobPhase.Failed };
        if (job.FailuresInARow >= MaxFailuresInARow)
            return job with { Phase = JobPhase.Failed, Reason = $"Given up after {job.FailuresInARow} failures in a row: {e.Reason}" };
        return job with { Phase = job.Phase == JobPhase.Pausing ? JobPhase.Paused : JobPhase.Pending, Restarts = job.Restarts + 1 };
    }

    private static JobState Pause(JobState job) => job.Phase switch
    {
        JobPhase.Pending => job with { Phase = JobPhase.Paused },
        JobPhase.Running => job with { Phase = JobPhase.Pausing },
        _ => job,
    };

    // A pausing worker has been told to stop and will: the epoch makes what it still says count for nothing.
    private static JobState Resume(JobState job) => job.Phase switch
    {
        JobPhase.Paused => job with { Phase = JobPhase.Pending, Reason = null },
        JobPhase.Pausing => job with { Phase = JobPhase.Pending, Epoch = job.Epoch + 1, Lease = null, Reason = null },
        _ => job,
    };
}
