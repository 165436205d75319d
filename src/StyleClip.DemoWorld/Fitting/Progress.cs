using System.Diagnostics;
using System.Globalization;

namespace StyleClip.DemoWorld.Fitting;

/// <summary>Lines about a stage: elapsed time, step, figures averaged since the last line.</summary>
internal sealed class Progress(string stage, int steps, int every)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly SortedDictionary<string, double> _sums = new(StringComparer.Ordinal);
    private int _count;

    public bool IsDue(int step) => (step + 1) % every == 0 || step + 1 == steps;

    /// <summary>Adds a step's figures and writes a line when one is due.</summary>
    public void Report(int step, params ReadOnlySpan<(string Name, double Value)> figures)
    {
        foreach ((string name, double value) in figures) _sums[name] = _sums.GetValueOrDefault(name) + value;
        _count++;
        if (!IsDue(step)) return;
        Line($"{step + 1}/{steps} " + string.Join(' ', _sums.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value / _count:f4}"))));
        _sums.Clear();
        _count = 0;
    }

    public void Line(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{stage,-10} {_clock.Elapsed.TotalSeconds,6:f0}s {Environment.WorkingSet >> 20,5} MB  {text}"));
}
