using System.CommandLine;
using StyleClip.Benchmarks;
using StyleClip.Benchmarks.FullSize;
using StyleClip.Benchmarks.Scaling;

Option<DirectoryInfo?> pack = new("--pack") { Description = "Folder of a pack; without it random networks of the demo pack's sizes." };
Option<int> batch = new("--batch") { Description = "Latents per step.", DefaultValueFactory = _ => 8 };
Option<int> threads = new("--threads") { Description = "Intra-op threads.", DefaultValueFactory = _ => 1 };
Option<int[]> microShards = new("--micro-shards")
{
    Description = "Slices of the batch, one measurement for each.",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [1, 2, 4],
};
Option<int> steps = new("--steps") { Description = "Steps to run." };

Command step = new("step", "Milliseconds of a training step and where they go, for several numbers of micro-shards.") { pack, batch, threads, steps, microShards };
step.SetAction(parsed => StepBenchmark.Run(Settings(parsed, defaultSteps: 40), parsed.GetValue(microShards)!));

Command memory = new("memory", "Resident memory and live tensors over a long training.") { pack, batch, threads, steps };
memory.SetAction(parsed => MemoryBenchmark.Run(Settings(parsed, defaultSteps: 2000)));

Command directions = new("directions", "Processor time of an image of a channel study, with and without sharing what comes before a layer.") { pack, threads };
directions.SetAction(parsed => DirectionsBenchmark.Run(Settings(parsed, defaultSteps: 1)));

Option<int[]> processes = new("--processes")
{
    Description = "Numbers of node processes, the first one to compare with.",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [1, 2, 3, 4],
};
Option<int> shards = new("--shards") { Description = "Micro-shards of the batch.", DefaultValueFactory = _ => 4 };
Option<int> repeats = new("--repeats") { Description = "Measurements of each row.", DefaultValueFactory = _ => 3 };
Command scaling = new("scaling", "What several node processes make of several prompts, and of one wide job.") { pack, processes, shards, steps, repeats };
scaling.SetAction((parsed, _) => new ScalingBenchmark(new ScalingSettings(
    parsed.GetValue(pack)?.FullName ?? Path.Combine("configs", "packs", "demo"),
    parsed.GetValue(processes)!,
    parsed.GetValue(shards),
    parsed.GetValue(steps) is > 0 and int given ? given : 60,
    parsed.GetValue(repeats))).Run());

Option<int> artifacts = new("--artifacts") { Description = "Artifacts of each size.", DefaultValueFactory = _ => 20 };
Option<int> documents = new("--documents") { Description = "Calls of each kind on a document.", DefaultValueFactory = _ => 300 };
Command store = new("store", "Latencies of artifacts and documents, in a folder and in Azurite.") { artifacts, documents };
store.SetAction((parsed, cancellationToken) => StoreBenchmark.Run(parsed.GetValue(artifacts), parsed.GetValue(documents), cancellationToken));

return new RootCommand("Measures training and stores on this machine.") { step, memory, directions, scaling, store, FullSizeCommand.Create() }.Parse(args).Invoke();

BenchmarkSettings Settings(ParseResult parsed, int defaultSteps) => new(
    parsed.GetValue(pack)?.FullName,
    parsed.GetValue(batch),
    parsed.GetValue(threads),
    parsed.GetValue(steps) is > 0 and int given ? given : defaultSteps);
