using Microsoft.Extensions.Logging;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Cluster.Jobs;

internal sealed partial class JobGrain
{
    [LoggerMessage(LogLevel.Information, "Job {Job}: {From} -> {To}, epoch {Epoch}. {Reason}")]
    private partial void LogPhase(JobKey job, JobPhase from, JobPhase to, long epoch, string? reason);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: a worker failed ({Kind}): {Reason}")]
    private partial void LogWorkerFailed(JobKey job, FailureKind kind, string reason);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: the mapper could not be published yet")]
    private partial void LogPublishFailed(Exception exception, JobKey job);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: the sweep could not be told; it will be told again")]
    private partial void LogSweepUntold(Exception exception, JobKey job);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: {Lease} cannot join: {Reason}")]
    private partial void LogRefused(JobKey job, DeviceLease lease, string reason);
}
