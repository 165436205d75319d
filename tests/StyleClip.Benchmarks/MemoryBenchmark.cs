using System.Diagnostics;
using StyleClip.Contracts.Jobs;
using StyleClip.Training.Mapping;
using static TorchSharp.torch;

namespace StyleClip.Benchmarks;

/// <summary>Trains with the usual validations and checkpoints and prints what the process holds.</summary>
internal static class MemoryBenchmark
{
    private const int Rows = 20;

    public static void Run(BenchmarkSettings settings)
    {
        using BenchmarkJob job = new(settings);
        Console.WriteLine("step  resident MB (largest since the last row)  live tensors  managed MB  ms a step");
        job.Train(recipe => recipe with { CheckpointEverySteps = 50 }, new Observer(Math.Max(1, settings.Steps / Rows)));
    }

    private sealed class Observer(int every) : ITrainingObserver
    {
        private long _largest;
        private double _seconds;

        public void OnStep(StepReport report)
        {
            using var process = Process.GetCurrentProcess();
            _largest = Math.Max(_largest, process.WorkingSet64);
            _seconds += report.Seconds;
            if (report.Step % every != 0) return;
            Console.WriteLine(FormattableString.Invariant(
                $"{report.Step,5} {process.WorkingSet64 / 1e6,8:0} ({_largest / 1e6:0}) {Tensor.TotalCount,8} {GC.GetTotalMemory(forceFullCollection: false) / 1e6,8:0.0} {_seconds * 1e3 / every,8:0.0}"));
            (_largest, _seconds) = (0, 0);
        }

        public void OnValidation(ValidationReport report)
        {
        }

        public void OnCheckpoint(TrainingCheckpoint checkpoint)
        {
        }
    }
}
