using StyleClip.Client.Http;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Client.Sweeps;

/// <summary>Single jobs of sweeps.</summary>
public sealed class JobsClient
{
    private readonly GatewayConnection _connection;

    internal JobsClient(GatewayConnection connection) => _connection = connection;

    /// <summary>How a job stands; null where the cluster knows no such job.</summary>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public Task<JobStatus?> Find(SweepId sweep, JobId job, CancellationToken cancellationToken = default) =>
        _connection.Find<JobStatus>(Path(sweep, job), cancellationToken);

    /// <summary>The newest lines of a job's log, oldest first.</summary>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public async Task<IReadOnlyList<JobLogEntry>> Log(SweepId sweep, JobId job, CancellationToken cancellationToken = default) =>
        await _connection.Send<JobLogEntry[]>(HttpMethod.Get, Path(sweep, job) + "/log", cancellationToken).ConfigureAwait(false);

    /// <summary>Lets the job write a checkpoint and stand still.</summary>
    /// <inheritdoc cref="Log"/>
    public Task<JobStatus> Pause(SweepId sweep, JobId job, CancellationToken cancellationToken = default) => Post(sweep, job, "pause", cancellationToken);

    /// <summary>Lets a paused job go on.</summary>
    /// <inheritdoc cref="Log"/>
    public Task<JobStatus> Resume(SweepId sweep, JobId job, CancellationToken cancellationToken = default) => Post(sweep, job, "resume", cancellationToken);

    /// <summary>Ends the job.</summary>
    /// <inheritdoc cref="Log"/>
    public Task<JobStatus> Cancel(SweepId sweep, JobId job, CancellationToken cancellationToken = default) => Post(sweep, job, "cancel", cancellationToken);

    private static string Path(SweepId sweep, JobId job) => $"sweeps/{Uri.EscapeDataString(sweep.Value)}/jobs/{Uri.EscapeDataString(job.Value)}";

    private Task<JobStatus> Post(SweepId sweep, JobId job, string verb, CancellationToken cancellationToken) =>
        _connection.Send<JobStatus>(HttpMethod.Post, $"{Path(sweep, job)}/{verb}", cancellationToken);
}
