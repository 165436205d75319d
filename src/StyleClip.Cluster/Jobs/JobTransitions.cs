using StyleClip.Contracts.Jobs;

namespace StyleClip.Cluster.Jobs;

/// <summary>
/// The rules of a job: state and event to state. An event that does not apply (a lease that is not held any more, a phase that has passed) returns the state
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
            ? job with { Phase = JobPhase.Running, Epoch = job.Epoch + 1, Lease = e.Lease, Followers = [], Reason = null }
            : job,
        JobEvent.Refused e => IsLeader(job, e.Lease)
            ? Freed(job) with { Phase = job.Phase == JobPhase.Pausing ? JobPhase.Paused : JobPhase.Pending }
            : job,
        JobEvent.Joined e => job.Phase == JobPhase.Running && !IsMember(job, e.Lease.Id)
            ? job with { Epoch = job.Epoch + 1, Followers = job.Followers.Add(e.Lease) }
            : job,
        JobEvent.Left e => IsMember(job, e.Lease) && job.Followers.Length > 0 ? Without(job, e.Lease) : job,
        JobEvent.Checkpointed e => IsLeader(job, e.Lease) && e.Content.Step >= job.CheckpointStep ? Checkpointed(job, e) : job,
        JobEvent.Stopped e => IsMember(job, e.Lease) ? Stopped(job, e) : job,
        JobEvent.Trained e => IsLeader(job, e.Lease)
            ? Trained(job, e.Result)
            : job,
        JobEvent.WorkerFailed e => IsMember(job, e.Lease) ? WorkerFailed(job, e) : job,
        JobEvent.Published e => job.Phase == JobPhase.Publishing
            ? job with { Phase = e.PassesGate ? JobPhase.Succeeded : JobPhase.Rejected, Card = e.Card, Reason = e.Reason }
            : job,
        JobEvent.PauseAsked => Pause(job),
        JobEvent.ResumeAsked => Resume(job),
        JobEvent.CancelAsked => job.Phase.HasEnded() || job.Phase == JobPhase.Publishing
            ? job
            : Freed(job) with { Phase = JobPhase.Cancelled, Epoch = job.Epoch + 1, Reason = "Cancelled by a user." },
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

    private static bool IsLeader(JobState job, Guid lease) => job.Phase.HoldsDevice() && job.Lease?.Id == lease;

    private static bool IsMember(JobState job, Guid lease) => job.View()?.IndexOf(lease) >= 0;

    private static JobState Freed(JobState job) => job with { Lease = null, Followers = [] };

    // Every member has the whole state: where the leader goes, the next one leads.
    private static JobState Without(JobState job, Guid lease) => job.Lease!.Id == lease
        ? job with { Epoch = job.Epoch + 1, Lease = job.Followers[0], Followers = job.Followers.RemoveAt(0) }
        : job with { Epoch = job.Epoch + 1, Followers = job.Followers.RemoveAll(follower => follower.Id == lease) };

    private static JobState Checkpointed(JobState job, JobEvent.Checkpointed e) => job with
    {
        Checkpoint = e.Manifest,
        CheckpointStep = e.Content.Step,
        DeviceKind = e.Content.DeviceKind,
        FailuresInARow = 0,
        LastValidation = e.Content.Validation ?? job.LastValidation,
        Best = e.Content.Best ?? job.Best,
        Strip = e.Content.Strip ?? job.Strip,
        DeviceSeconds = job.DeviceSeconds + e.DeviceSeconds,
    };

    private static JobState Trained(JobState job, TrainingResult result) => Freed(job) with
    {
        Phase = JobPhase.Publishing,
        Result = result,
        Best = result.Metrics ?? job.Best,
        Strip = result.Strip ?? job.Strip,
        DeviceSeconds = job.DeviceSeconds + result.DeviceSeconds,
    };

    // A worker may also stop because its node drains: then the others go on, or the job waits for another device.
    private static JobState Stopped(JobState job, JobEvent.Stopped e)
    {
        if (job.Phase == JobPhase.Pausing && IsLeader(job, e.Lease)) return Freed(job) with { Phase = JobPhase.Paused };
        return job.Followers.Length > 0 ? Without(job, e.Lease) : Freed(job) with { Phase = JobPhase.Pending };
    }

    private static JobState WorkerFailed(JobState job, JobEvent.WorkerFailed e)
    {
        bool isFinal = e.Kind is FailureKind.Diverged or FailureKind.Input;
        if (job.Followers.Length > 0 && !(isFinal && IsLeader(job, e.Lease))) return Without(job, e.Lease) with { Failure = e.Kind };
        job = Freed(job) with { Failure = e.Kind, FailuresInARow = job.FailuresInARow + 1, Reason = e.Reason };
        if (isFinal) return job with { Phase = JobPhase.Failed };
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

    // Pausing workers have been told to stop and will: without their leases, what they still say counts for nothing.
    private static JobState Resume(JobState job) => job.Phase switch
    {
        JobPhase.Paused => job with { Phase = JobPhase.Pending, Reason = null },
        JobPhase.Pausing => Freed(job) with { Phase = JobPhase.Pending, Epoch = job.Epoch + 1, Reason = null },
        _ => job,
    };
}
