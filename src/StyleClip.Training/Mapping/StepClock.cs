using System.Diagnostics;

namespace StyleClip.Training.Mapping;

/// <summary>Where the time of a step goes. Phases that come once per micro-shard add up.</summary>
internal sealed class StepClock
{
    private static readonly string[] Names = [.. Enum.GetNames<StepPhase>().Select(name => name.ToLowerInvariant())];

    private readonly long[] _ticks = new long[Names.Length];
    private long _start, _last;

    public double Seconds => Stopwatch.GetElapsedTime(_start, _last).TotalSeconds;

    public void Start()
    {
        Array.Clear(_ticks);
        _start = _last = Stopwatch.GetTimestamp();
    }

    /// <summary>Counts the time since the last lap for <paramref name="phase"/>.</summary>
    public void Lap(StepPhase phase)
    {
        long now = Stopwatch.GetTimestamp();
        _ticks[(int)phase] += now - _last;
        _last = now;
    }

    public void Record(TrainingLabels labels)
    {
        for (int i = 0; i < Names.Length; i++)
            TrainingInstruments.StepDuration.Record((double)_ticks[i] / Stopwatch.Frequency, labels.ByDevice("phase", Names[i]));
    }
}
