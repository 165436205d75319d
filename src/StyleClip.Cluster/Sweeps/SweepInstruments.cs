using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Telemetry;

namespace StyleClip.Cluster.Sweeps;

/// <summary>Jobs of each sweep by phase: without a label per job, so that alerts may sum over it.</summary>
internal sealed class SweepInstruments : IDisposable
{
    private static readonly string[] States = [.. Enum.GetValues<JobPhase>().Select(phase => JsonNamingPolicy.SnakeCaseLower.ConvertName(phase.ToString()))];

    private readonly Meter _meter = new(StyleClipMeter.Name);
    private readonly ConcurrentDictionary<SweepId, IReadOnlyList<int>> _sweeps = new();

    public SweepInstruments() => _meter.CreateObservableGauge(
        "styleclip_sweep_jobs",
        () => _sweeps.SelectMany(sweep => States.Select((state, phase) => new Measurement<long>(
            sweep.Value[phase],
            new KeyValuePair<string, object?>("sweep", sweep.Key.Value),
            new KeyValuePair<string, object?>("state", state)))),
        description: "Jobs of a sweep by state");

    /// <summary>Exports a sweep's counts, which may go on changing; a scrape between two changes may be one job off.</summary>
    public void Watch(SweepId sweep, IReadOnlyList<int> counts) => _sweeps[sweep] = counts;

    /// <summary>The sweep has left this process.</summary>
    public void Forget(SweepId sweep) => _sweeps.TryRemove(sweep, out _);

    public void Dispose() => _meter.Dispose();
}
