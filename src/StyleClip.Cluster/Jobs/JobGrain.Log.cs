using Microsoft.Extensions.Logging;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Cluster.Jobs;

internal sealed partial class JobGrain
{
    [LoggerMessage(LogLevel.Information, "Job {Job}: {From} -> {To}, epoch {Epoch}. {Reason}")]
    private partial void LogPhase(JobKey job, JobPhase from, JobPhase to, long epoch, string? reason);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: the worker of epoch {Epoch} failed ({Kind}): {Reason}")]
    private partial void LogWorkerFailed(JobKey job, long epoch, FailureKind kind, string reason);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: the mapper could not be published yet")]
    private partial void LogPublishFailed(Exception exception, JobKey job);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: the sweep could not be told; it will be told again")]
    private partial void LogSweepUntold(Exception exception, JobKey job);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: device {Lease} could not be started")]
    private partial void LogStartFailed(Exception exception, JobKey job, DeviceLease lease);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: device {Lease} could not be told to stop")]
    private partial void LogStopFailed(Exception exception, JobKey job, DeviceLease lease);
}
