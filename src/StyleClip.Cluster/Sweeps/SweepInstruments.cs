using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text.Json;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Telemetry;

namespace StyleClip.Cluster.Sweeps;

/// <summary>Jobs of each sweep by phase: without a label per job, so that alerts may sum over it.</summary>
internal sealed class SweepInstruments : IDisposable
{
    private readonly Meter _meter = new(StyleClipMeter.Name);
    private readonly ConcurrentDictionary<SweepId, ImmutableDictionary<JobPhase, int>> _sweeps = new();

    public SweepInstruments() => _meter.CreateObservableGauge(
        "styleclip_sweep_jobs",
        () => _sweeps.SelectMany(sweep => Enum.GetValues<JobPhase>().Select(phase => new Measurement<long>(
            sweep.Value.GetValueOrDefault(phase),
            new KeyValuePair<string, object?>("sweep", sweep.Key.Value),
            new KeyValuePair<string, object?>("state", JsonNamingPolicy.SnakeCaseLower.ConvertName(phase.ToString()))))),
        description: "Jobs of a sweep by state");

    public void Update(SweepId sweep, IEnumerable<JobStatus> jobs) =>
        _sweeps[sweep] = jobs.GroupBy(job => job.Phase).ToImmutableDictionary(phase => phase.Key, phase => phase.Count());

    public void Dispose() => _meter.Dispose();
}
