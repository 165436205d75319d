using Orleans.Concurrency;
using StyleClip.Cluster.Gradients;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Jobs;

/// <summary>One prompt's training. Key: <see cref="JobKey"/>. Every call may be repeated.</summary>
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Names the work and, unless <paramref name="paused"/>, lets it begin or go on. A job that has ended is left as it is.</summary>
    Task<JobStatus> Submit(JobSpec spec, SweepShare share, bool paused, CancellationToken cancellationToken);

    /// <summary>
    /// Goes on after a loss of processes, unless the job has ended or was paused. What is at work is left alone; a job that was never
    /// submitted is.
    /// </summary>
    Task<JobStatus> Revive(JobSpec spec, SweepShare share, bool paused, CancellationToken cancellationToken);

    [AlwaysInterleave]
    Task<JobStatus> Status(CancellationToken cancellationToken);

    Task<JobStatus> Pause(CancellationToken cancellationToken);

    Task<JobStatus> Resume(CancellationToken cancellationToken);

    Task<JobStatus> Cancel(CancellationToken cancellationToken);

    /// <summary>The scheduler's offer of a device. False: the job does not want it (any more).</summary>
    Task<bool> Assign(DeviceLease lease, CancellationToken cancellationToken);

    /// <summary>The scheduler's offer of another device to a job that runs already. False: the job cannot use it.</summary>
    Task<bool> Widen(DeviceLease lease, CancellationToken cancellationToken);

    /// <summary>The scheduler needs a device back: a job of several gives one up. False: it has one only.</summary>
    Task<bool> Narrow(CancellationToken cancellationToken);

    /// <summary>The device is to be freed: a job of several leaves it, another writes a checkpoint and waits for a device elsewhere. False: the job does not hold it.</summary>
    Task<bool> Vacate(DeviceLease lease, CancellationToken cancellationToken);

    /// <summary>The newest lines of the job's log, oldest first.</summary>
    [AlwaysInterleave]
    Task<IReadOnlyList<JobLogEntry>> Log(CancellationToken cancellationToken);

    /// <summary>A worker's sign of life with its newest numbers. Answers whether the worker still works for the job, and with whom.</summary>
    [AlwaysInterleave]
    Task<WorkerAnswer> ReportProgress(WorkerProgress progress, CancellationToken cancellationToken);

    /// <summary>A worker that was started by <see cref="Widen"/> is ready. Answers with whom it works, or that it is not wanted.</summary>
    Task<WorkerAnswer> Join(Guid lease, MemberIdentity identity, CancellationToken cancellationToken);

    /// <summary>A complete checkpoint is in the store. False: the worker no longer leads the job and must stop.</summary>
    Task<bool> ReportCheckpoint(Guid lease, ArtifactRef manifest, CheckpointManifest content, double deviceSeconds, CancellationToken cancellationToken);

    /// <summary>The worker has stopped as asked.</summary>
    Task ReportStopped(Guid lease, CancellationToken cancellationToken);

    /// <summary>Training has finished; its parts are in the store.</summary>
    Task ReportTrained(Guid lease, TrainingResult result, CancellationToken cancellationToken);

    /// <summary>The worker failed.</summary>
    Task ReportFailed(Guid lease, FailureKind kind, string reason, CancellationToken cancellationToken);
}
