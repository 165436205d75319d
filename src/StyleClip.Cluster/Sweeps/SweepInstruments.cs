using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;
using StyleClip.Cluster.Hosting;
using StyleClip.Contracts.Telemetry;

namespace StyleClip.Cluster.Sweeps;

/// <summary>Jobs of each sweep by phase: without a label per job, so that alerts may sum over it.</summary>
internal sealed class SweepInstruments : IDisposable
{
    private static readonly (JobPhase Phase, string Label)[] Phases =
        [.. Enum.GetValues<JobPhase>().Select(phase => (phase, JsonNamingPolicy.SnakeCaseLower.ConvertName(phase.ToString())))];

    private readonly Meter _meter;
    private readonly ConcurrentDictionary<SweepId, Shown> _sweeps = new();
    private readonly TimeProvider _time;
    private readonly SeriesRetention _retention;

    public SweepInstruments(TimeProvider time, SeriesRetention retention)
    {
        (_time, _retention) = (time, retention);
        _meter = new Meter(new MeterOptions(StyleClipMeter.Name) { Scope = this });
        _meter.CreateObservableGauge("styleclip_sweep_jobs", Measure, description: "Jobs of a sweep by state");
    }

    /// <summary>Exports a sweep's counts, which may go on changing; a scrape between two changes may be one job off.</summary>
    public void Watch(SweepId sweep, IReadOnlyList<int> counts) => _sweeps[sweep] = new Shown(counts, EndedAt: null);

    /// <summary>The sweep has left this process.</summary>
    public void Forget(SweepId sweep)
    {
        if (_sweeps.TryGetValue(sweep, out Shown? shown) && !HasEnded(shown.Counts)) _sweeps.TryRemove(sweep, out _);
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Measure()
    {
        DateTimeOffset now = _time.GetUtcNow();
        foreach ((SweepId sweep, Shown shown) in _sweeps)
        {
            DateTimeOffset? endedAt = HasEnded(shown.Counts) ? shown.EndedAt ?? now : null;
            if (endedAt != shown.EndedAt) _sweeps.TryUpdate(sweep, shown with { EndedAt = endedAt }, shown);
            if (now - endedAt > _retention.AfterEnd) _sweeps.TryRemove(sweep, out _);
            else foreach ((JobPhase phase, string label) in Phases) yield return new(shown.Counts[(int)phase], new("sweep", sweep.Value), new("state", label));
        }
    }

    // A sweep of which no job has spoken yet has not ended.
    private static bool HasEnded(IReadOnlyList<int> counts) => counts.Any(count => count > 0) && Phases.All(state => state.Phase.HasEnded() || counts[(int)state.Phase] == 0);

    private sealed record Shown(IReadOnlyList<int> Counts, DateTimeOffset? EndedAt);
}
