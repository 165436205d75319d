using System.Diagnostics;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Packs;
using StyleClip.Training.Gradients;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;
using StyleClip.Training.Tests;
using static TorchSharp.torch;

namespace StyleClip.Benchmarks.FullSize;

/// <summary>
/// Steps of the published training (three levels, Ranger, CLIP, identity and latent terms) on a pack of full size, with its validation and
/// checkpoint at the end.
/// </summary>
internal static class FullSizeStep
{
    public static void Run(BenchmarkSettings settings, int microShards)
    {
        set_num_threads(settings.Threads);
        using FrozenNetworks networks = FrozenNetworks.Load(settings.Pack!);
        Say("networks loaded");
        BankSpec bank = new() { Count = settings.Batch, Validation = 1, ShardSize = settings.Batch + 1 };
        var watch = Stopwatch.StartNew();
        using LatentBank latents = RandomBank.Load(bank, networks, ClipInput.Raw);
        Say(FormattableString.Invariant($"bank of {settings.Batch + 1} images prepared in {watch.Elapsed.TotalSeconds:0.0} s"));
        JobSpec job = new()
        {
            Prompt = "a person with purple hair",
            Pack = networks.ManifestDigest,
            Bank = bank,
            Recipe = new()
            {
                Name = "styleclip-2021",
                Steps = settings.Steps,
                Mapper = new() { PixelNormAxis = PixelNormAxis.Layer },
                Loss = new() { ClipInput = ClipInput.Raw },
                Batch = new() { Size = settings.Batch, MicroShards = microShards },
                Validation = new() { EverySteps = settings.Steps, BatchSize = 1 },
                CheckpointEverySteps = settings.Steps,
                StripFaces = 1,
            },
            Seed = 1,
            Gate = new(),
        };
        using MapperTraining training = new(job, networks, latents);
        Observer observer = new();
        TrainingOutcome outcome = training.Run(LocalGradientExchange.Instance, observer, CancellationToken.None);
        Say($"training {outcome.End}");
        Console.WriteLine(FormattableString.Invariant(
            $"batch {settings.Batch} in {microShards} micro-shard(s), {settings.Threads} thread(s), median of steps 2 to {settings.Steps}: {Median(observer.Wall):0.00} s a step, {Median(observer.Cpu):0.00} CPU s; peak {ProcessMemory.Peak / 1024.0 / 1024 / 1024:0.00} GiB"));
    }

    private static void Say(string what) => Console.WriteLine(FormattableString.Invariant(
        $"{what}: resident {ProcessMemory.Resident / 1e6:0} MB, peak {ProcessMemory.Peak / 1e6:0} MB"));

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Skip(1).Order()];
        return sorted.Length == 0 ? values[0] : sorted[sorted.Length / 2];
    }

    private sealed class Observer : ITrainingObserver
    {
        private TimeSpan _cpu = Process.GetCurrentProcess().TotalProcessorTime;

        public List<double> Wall { get; } = [];

        public List<double> Cpu { get; } = [];

        public void OnStep(StepReport report)
        {
            TimeSpan now = Process.GetCurrentProcess().TotalProcessorTime;
            Wall.Add(report.Seconds);
            Cpu.Add((now - _cpu).TotalSeconds);
            _cpu = now;
            Say(FormattableString.Invariant($"step {report.Step}, {report.Seconds:0.00} s, {Cpu[^1]:0.00} CPU s, objective {report.Objective:0.000000}, gradient norm {report.GradientNorm:0.000000e0}"));
        }

        public void OnValidation(ValidationReport report) => Say("validated");

        public void OnCheckpoint(TrainingCheckpoint checkpoint) => Say(FormattableString.Invariant($"checkpoint of {checkpoint.State.Length / 1e6:0.0} MB"));
    }
}
