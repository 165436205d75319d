using System.Diagnostics;
using System.Diagnostics.Metrics;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Telemetry;
using StyleClip.Training.Mapping;

namespace StyleClip.Benchmarks;

/// <summary>Medians over the steps after the first five.</summary>
internal static class StepBenchmark
{
    private const int WarmUp = 5;

    public static void Run(BenchmarkSettings settings, IEnumerable<int> microShardNumbers)
    {
        using BenchmarkJob job = new(settings);
        foreach (int microShards in microShardNumbers.Where(count => settings.Batch % count == 0))
        {
            using PhaseListener phases = new();
            StepObserver observer = new();
            job.Train(
                recipe => recipe with
                {
                    Batch = recipe.Batch with { MicroShards = microShards },
                    Validation = recipe.Validation with { EverySteps = settings.Steps },
                    CheckpointEverySteps = settings.Steps,
                },
                observer);
            Console.WriteLine(FormattableString.Invariant(
                $"batch {settings.Batch} in {microShards} micro-shard(s), {settings.Threads} thread(s): {Median(observer.WallMilliseconds):0.0} ms a step, {Median(observer.CpuMilliseconds):0.0} ms CPU; {string.Join(", ", phases.Values.Select(pair => FormattableString.Invariant($"{pair.Key} {Median(pair.Value):0.0}")))}"));
        }
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Skip(WarmUp).Order()];
        return sorted[sorted.Length / 2];
    }

    private sealed class StepObserver : ITrainingObserver
    {
        private TimeSpan _cpu = Process.GetCurrentProcess().TotalProcessorTime;

        public List<double> WallMilliseconds { get; } = [];

        public List<double> CpuMilliseconds { get; } = [];

        public void OnStep(StepReport report)
        {
            TimeSpan now = Process.GetCurrentProcess().TotalProcessorTime;
            WallMilliseconds.Add(report.Seconds * 1e3);
            CpuMilliseconds.Add((now - _cpu).TotalMilliseconds);
            _cpu = now;
        }

        public void OnValidation(ValidationReport report)
        {
        }

        public void OnCheckpoint(TrainingCheckpoint checkpoint)
        {
        }
    }

    private sealed class PhaseListener : IDisposable
    {
        private readonly MeterListener _listener = new();

        public PhaseListener()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == StyleClipMeter.Name && instrument.Name == "styleclip_step_duration") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
            {
                foreach ((string key, object? value) in tags)
                {
                    if (key == "phase") Add((string)value!, seconds);
                }
            });
            _listener.Start();
        }

        public Dictionary<string, List<double>> Values { get; } = [];

        public void Dispose() => _listener.Dispose();

        private void Add(string phase, double seconds)
        {
            if (!Values.TryGetValue(phase, out List<double>? values)) Values.Add(phase, values = []);
            values.Add(seconds * 1e3);
        }
    }
}
