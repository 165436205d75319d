using System.Threading.Channels;
using StyleClip.Cli.Running.Display;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Sweeps;
using StyleClip.Gateway.Metrics;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Running;

/// <summary>Sweeps on a cluster in this process, with their progress on a display. Ctrl-C pauses those that run.</summary>
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

    /// <summary>Works on sweeps side by side until all have ended or were paused; those that have ended before cost a look.</summary>
    /// <param name="plans">At least one.</param>
    /// <param name="cancellationToken">Ends the wait, not the work.</param>
    public async Task<IReadOnlyList<SweepStatus>> Train(IReadOnlyList<SweepPlan> plans, CancellationToken cancellationToken)
    {
        ISweepGrain[] sweeps = [.. plans.Select(plan => _cluster.Grains.GetGrain<ISweepGrain>(plan.Id.Value))];
        using var pause = new PauseSignal(() => Task.WhenAll(sweeps.Select(sweep => sweep.Pause(CancellationToken.None))));
        SweepStatus[] submitted = await Task.WhenAll(sweeps.Zip(plans, (sweep, plan) => sweep.Submit(plan, cancellationToken)));
        foreach (SweepStatus ended in submitted.Where(status => status.Phase == SweepPhase.Ended))
            _display.Note($"Sweep {ended.Id} has ended before; nothing is left to do.");
        int[] open = [.. Enumerable.Range(0, sweeps.Length).Where(i => submitted[i].Phase != SweepPhase.Ended)];
        if (open.Length > 0)
        {
            SweepStatus together = submitted[open[0]] with
            {
                Id = new SweepId(string.Join(", ", open.Select(i => submitted[i].Id))),
                Jobs = [.. open.SelectMany(i => submitted[i].Jobs)],
            };
            await _display.Watch(together, Merge([.. open.Select(i => sweeps[i].Watch(0, cancellationToken))]));
        }

        return await Task.WhenAll(sweeps.Select(sweep => sweep.Status(cancellationToken)));
    }

    // Ends when every stream has; an error of one is thrown then.
    private static async IAsyncEnumerable<SweepUpdate> Merge(IReadOnlyList<IAsyncEnumerable<SweepUpdate>> streams)
    {
        var updates = Channel.CreateUnbounded<SweepUpdate>(new UnboundedChannelOptions { SingleReader = true });
        Task copying = CopyAll();
        await foreach (SweepUpdate update in updates.Reader.ReadAllAsync()) yield return update;
        await copying;

        async Task CopyAll()
        {
            try
            {
                await Task.WhenAll(streams.Select(Copy));
            }
            finally
            {
                updates.Writer.Complete();
            }
        }

        async Task Copy(IAsyncEnumerable<SweepUpdate> stream)
        {
            await foreach (SweepUpdate update in stream) updates.Writer.TryWrite(update);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        if (_metrics is not null) await _metrics.DisposeAsync();
    }
}
