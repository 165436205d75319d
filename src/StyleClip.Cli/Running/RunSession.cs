using StyleClip.Cli.Running.Display;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;
using StyleClip.Gateway.Metrics;
using StyleClip.Node;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Running;

/// <summary>One <c>styleclip run</c>, from the spec on disk to the exit status.</summary>
internal sealed class RunSession(RunRequest request)
{
    private readonly IRunDisplay _display = RunDisplays.For(request.Output);

    public async Task<int> Run(CancellationToken cancellationToken)
    {
        try
        {
            using StoreLock storeLock = StoreLock.Claim(request.StoreDirectory);
            using var store = new DirectoryArtifactStore(request.StoreDirectory);
            SweepPlan plan = await SweepFile.Plan(request.SweepFile, store, cancellationToken);
            SweepStatus status = await Train(plan, store, cancellationToken);
            return await Report(status, store, cancellationToken);
        }
        catch (Exception exception) when (exception is SpecException or DeviceMissingException or StoreInUseException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _display.Error(exception.Message);
            return ExitCodes.BadInput;
        }
    }

    private async Task<SweepStatus> Train(SweepPlan plan, IArtifactStore store, CancellationToken cancellationToken)
    {
        await using MetricsServer? metrics = request.MetricsPort is { } port ? await MetricsServer.Start(port, cancellationToken) : null;
        if (metrics is not null) _display.Note($"Metrics at {metrics.Address}");
        await using EmbeddedCluster cluster = await EmbeddedCluster.Start(request, store, cancellationToken);
        ISweepGrain sweep = cluster.Grains.GetGrain<ISweepGrain>(plan.Id.Value);

        using var pause = new PauseSignal(() => sweep.Pause(CancellationToken.None));
        SweepStatus status = await sweep.Submit(plan, cancellationToken);
        if (status.Phase == SweepPhase.Ended) _display.Note($"Sweep {status.Id} has ended before; nothing is left to do.");
        else await _display.Watch(status, sweep.Watch(0, cancellationToken));
        return await sweep.Status(cancellationToken);
    }

    private async Task<int> Report(SweepStatus status, IArtifactStore store, CancellationToken cancellationToken)
    {
        IReadOnlyList<JobResult> results = await new ResultFolder(request.StoreDirectory, store).Write(status, cancellationToken);
        _display.Results(status, results);
        if (status.Phase != SweepPhase.Ended)
        {
            _display.Note("Paused. The same command goes on.");
            return ExitCodes.Paused;
        }

        return status.Jobs.All(job => job.Phase == JobPhase.Succeeded) ? ExitCodes.Success : ExitCodes.JobsDidNotSucceed;
    }
}
