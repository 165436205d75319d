using Orleans.Concurrency;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Sweeps;

/// <summary>Many prompts, one recipe, one pack. Key: <see cref="SweepId"/>. Every call may be repeated.</summary>
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>Submits the sweep. A sweep that is there already is continued: what has ended stays ended, the rest goes on.</summary>
    Task<SweepStatus> Submit(SweepPlan plan, CancellationToken cancellationToken);

    /// <summary>Gets every job going again that has lost its process; called after a restart. Nothing that ended or stands still is woken.</summary>
    Task Revive(CancellationToken cancellationToken);

    [AlwaysInterleave]
    Task<SweepStatus> Status(CancellationToken cancellationToken);

    /// <summary>Stops every job where it stands, each with a checkpoint.</summary>
    Task Pause(CancellationToken cancellationToken);

    Task Resume(CancellationToken cancellationToken);

    Task Cancel(CancellationToken cancellationToken);

    /// <summary>
    /// Changes after the cursor <paramref name="after"/> (0: all there is), several of one job taken together. Ends after the update in
    /// which the sweep is <see cref="SweepPhase.Ended"/> or <see cref="SweepPhase.Paused"/>. Watching again with the last cursor goes on.
    /// </summary>
    [AlwaysInterleave]
    IAsyncEnumerable<SweepUpdate> Watch(long after, CancellationToken cancellationToken);

    /// <summary>A job tells how it stands.</summary>
    [AlwaysInterleave]
    Task ReportJob(JobStatus status, CancellationToken cancellationToken);
}
