using StyleClip.Cli.Running.Display;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Sweeps;
using StyleClip.Gateway.Metrics;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Running;

/// <summary>Sweeps on a cluster in this process, with their progress on a display. Ctrl-C pauses the one that runs.</summary>
internal sealed class EmbeddedRun : IAsyncDisposable
{
    private readonly EmbeddedCluster _cluster;
    private readonly MetricsServer? _metrics;
    private readonly IRunDisplay _display;

    private EmbeddedRun(EmbeddedCluster cluster, MetricsServer? metrics, IRunDisplay display) => (_cluster, _metrics, _display) = (cluster, metrics, display);

    public static async Task<EmbeddedRun> Start(RunRequest request, IArtifactStore store, IRunDisplay display, CancellationToken cancellationToken)
    {
        MetricsServer? metrics = request.MetricsPort is { } port ? await MetricsServer.Start(port, cancellationToken) : null;
        try
        {
            if (metrics is not null) display.Note($"Metrics at {metrics.Address}");
            return new EmbeddedRun(await EmbeddedCluster.Start(request, store, cancellationToken), metrics, display);
        }
        catch
        {
            if (metrics is not null) await metrics.DisposeAsync();
            throw;
        }
    }

    /// <summary>Works on a sweep until it has ended or was paused; one that has ended before costs a look.</summary>
    public async Task<SweepStatus> Train(SweepPlan plan, CancellationToken cancellationToken)
    {
        ISweepGrain sweep = _cluster.Grains.GetGrain<ISweepGrain>(plan.Id.Value);
        using var pause = new PauseSignal(() => sweep.Pause(CancellationToken.None));
        SweepStatus status = await sweep.Submit(plan, cancellationToken);
        if (status.Phase == SweepPhase.Ended) _display.Note($"Sweep {status.Id} has ended before; nothing is left to do.");
        else await _display.Watch(status, sweep.Watch(0, cancellationToken));
        return await sweep.Status(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        if (_metrics is not null) await _metrics.DisposeAsync();
    }
}
