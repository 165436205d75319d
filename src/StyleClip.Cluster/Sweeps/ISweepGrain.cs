using Orleans.Concurrency;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Sweeps;

/// <summary>
/// Many prompts, one recipe, one pack. Key: <see cref="SweepId"/>. Every call may be repeated. Calls that carry or reach ten thousand jobs may
/// take longer than others.
/// </summary>
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>
    /// Submits the sweep. A sweep that is there already is continued: what has ended stays ended, the rest goes on. Answers when every job
    /// has been told, or after some seconds: then the rest is told in the background.
    /// </summary>
    [ResponseTimeout("00:01:00")]
    Task<SweepStatus> Submit(SweepPlan plan, CancellationToken cancellationToken);

    /// <summary>
    /// Gets every job going again that has lost its process; called after a restart and now and then. Nothing that ended or stands still is
    /// woken, and jobs are not disturbed more than once a minute while no process dies.
    /// </summary>
    [ResponseTimeout("00:01:00")]
    Task Revive(CancellationToken cancellationToken);

    [ResponseTimeout("00:01:00")]
    [AlwaysInterleave]
    Task<SweepStatus> Status(CancellationToken cancellationToken);

    /// <summary>The sweep in one line; costs nothing where it has ended.</summary>
    [AlwaysInterleave]
    Task<SweepSummary> Summary(CancellationToken cancellationToken);

    /// <summary>Stops every job where it stands, each with a checkpoint.</summary>
    [ResponseTimeout("00:01:00")]
    Task Pause(CancellationToken cancellationToken);

    [ResponseTimeout("00:01:00")]
    Task Resume(CancellationToken cancellationToken);

    [ResponseTimeout("00:01:00")]
    Task Cancel(CancellationToken cancellationToken);

    /// <summary>
    /// Changes after the cursor <paramref name="after"/> (0: all there is), several of one job taken together, at most some hundred jobs an
    /// update. Ends after the update in which the sweep is <see cref="SweepPhase.Ended"/> or <see cref="SweepPhase.Paused"/>, which is said
    /// when nothing else is left to tell. Watching again with the last cursor goes on.
    /// </summary>
    [AlwaysInterleave]
    IAsyncEnumerable<SweepUpdate> Watch(long after, CancellationToken cancellationToken);

    /// <summary>A job tells how it stands.</summary>
    [AlwaysInterleave]
    Task ReportJob(JobStatus status, CancellationToken cancellationToken);
}
