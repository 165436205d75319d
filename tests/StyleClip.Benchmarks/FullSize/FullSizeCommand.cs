using System.CommandLine;

namespace StyleClip.Benchmarks.FullSize;

/// <summary><c>full-size</c>: the published networks' sizes.</summary>
internal static class FullSizeCommand
{
    public static Command Create() => new("full-size", "Measures on networks of the published sizes.") { Write(), Step() };

    private static Command Write()
    {
        Argument<DirectoryInfo> folder = new("folder") { Description = "Where the weight files shall lie." };
        Command command = new("write", "Write weight files of the published sizes, layouts and precisions, with weights by formula.") { folder };
        command.SetAction(parsed => new FullSizeFiles(parsed.GetRequiredValue(folder).FullName).Write());
        return command;
    }

    private static Command Step()
    {
        Option<DirectoryInfo> pack = new("--pack") { Description = "Folder of the pack that was imported from these files.", Required = true };
        Option<int> batch = new("--batch") { Description = "Latents per step.", DefaultValueFactory = _ => 2 };
        Option<int> threads = new("--threads") { Description = "Intra-op threads.", DefaultValueFactory = _ => 2 };
        Option<int> steps = new("--steps") { Description = "Steps to run.", DefaultValueFactory = _ => 10 };
        Option<int> microShards = new("--micro-shards") { Description = "Slices of the batch.", DefaultValueFactory = _ => 1 };
        Command command = new("step", "Seconds of a step of the published training, and the most memory that the process held.") { pack, batch, threads, steps, microShards };
        command.SetAction(parsed => FullSizeStep.Run(
            new BenchmarkSettings(parsed.GetRequiredValue(pack).FullName, parsed.GetValue(batch), parsed.GetValue(threads), parsed.GetValue(steps)),
            parsed.GetValue(microShards)));
        return command;
    }
}
