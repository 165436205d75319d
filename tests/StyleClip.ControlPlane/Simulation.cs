using System.Diagnostics;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

namespace StyleClip.ControlPlane;

/// <summary>Runs sweeps on a simulated cluster and measures what the control plane costs.</summary>
internal static class Simulation
{
    public static async Task<SimulationReport> Run(ControlPlaneOptions options, CancellationToken cancellationToken)
    {
        IArtifactStore store = options.Store is { } folder ? new DirectoryArtifactStore(folder) : new MemoryArtifactStore();
        await using var cluster = new SimulatedCluster(options, store);
        await cluster.Start(cancellationToken);
        SweepPlan[] plans = [.. Enumerable.Range(0, options.Sweeps).Select(sweep => cluster.Work.Plan(sweep, options))];

        using var process = Process.GetCurrentProcess();
        TimeSpan cpuBefore = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(plans.Select(plan => cluster.Sweep(plan.Id).Submit(plan, cancellationToken)));
        TimeSpan submit = Stopwatch.GetElapsedTime(start);
        await Task.WhenAll(plans.Select(plan => Follow(cluster, plan, cancellationToken)));
        TimeSpan total = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        TimeSpan cpu = process.TotalProcessorTime - cpuBefore;

        SweepSummary[] summaries = await Task.WhenAll(plans.Select(plan => cluster.Sweep(plan.Id).Summary(cancellationToken)));
        return new SimulationReport(
            options,
            summaries.Sum(summary => summary.Jobs.GetValueOrDefault(JobPhase.Succeeded)),
            cluster.Log.Begun.Count,
            submit,
            total,
            cpu,
            cluster.Log.Events,
            process.PeakWorkingSet64,
            [.. cluster.Log.Latencies()]);
    }

    /// <summary>Follows a sweep as a user does, until every job has ended.</summary>
    public static async Task Follow(SimulatedCluster cluster, SweepPlan plan, CancellationToken cancellationToken)
    {
        long cursor = 0;
        while (true)
        {
            await foreach (SweepUpdate update in cluster.Sweep(plan.Id).Watch(cursor, cancellationToken))
            {
                cursor = update.Sequence;
                if (update.Phase == SweepPhase.Ended) return;
            }
        }
    }
}
