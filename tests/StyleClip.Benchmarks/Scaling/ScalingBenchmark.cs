using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StyleClip.Cluster.Hosting;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Packs;

namespace StyleClip.Benchmarks.Scaling;

/// <summary>
/// What a cluster of node processes on this machine makes of more prompts and of one wide job. Every row is measured after a sweep that
/// loads the packs and prepares the bank; rows are repeated in turn, so that whatever else runs on the machine meets all of them.
/// </summary>
internal sealed partial class ScalingBenchmark(ScalingSettings settings)
{
    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-scaling-").FullName;
    private int _seed;

    private string Location => Path.Combine(_folder, "store");

    public async Task Run()
    {
        using var store = new DirectoryArtifactStore(Location);
        Digest pack = await new PackLibrary(store).Publish(settings.Pack, CancellationToken.None);
        List<(int Processes, bool IsWide, Row Row)> rows = [];
        List<(int Processes, double MillisecondsAStep)> apart = [];
        foreach (int processes in settings.Processes)
        {
            BenchmarkNode[] nodes = await Task.WhenAll(Enumerable.Range(0, processes).Select(index => BenchmarkNode.Start($"n{index}", Location, Path.Combine(_folder, "cache"))));
            try
            {
                using IHost client = await Connect(store);
                await Measure(client, nodes, pack, prompts: processes, maxDevices: processes, steps: 5);
                for (int repeat = 0; repeat < settings.Repeats; repeat++)
                {
                    rows.Add((processes, false, await Measure(client, nodes, pack, processes, processes, settings.Steps)));
                    rows.Add((processes, true, await Measure(client, nodes, pack, 1, processes, settings.Steps)));
                    apart.Add((processes, await Apart(processes)));
                }
            }
            finally
            {
                foreach (BenchmarkNode node in nodes) node.Dispose();
            }
        }

        Print(rows, apart);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<IHost> Connect(IArtifactStore store)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(store);
        builder.AddStoreClusterClient(new StoreClusterClientOptions());
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private async Task<Row> Measure(IHost client, BenchmarkNode[] nodes, Digest pack, int prompts, int maxDevices, int steps)
    {
        using var http = new HttpClient();
        SweepPlan plan = Plan(pack, prompts, maxDevices, steps);
        ISweepGrain sweep = client.Services.GetRequiredService<IClusterClient>().GetGrain<ISweepGrain>(plan.Id.Value);
        double processor = nodes.Sum(node => node.Processor.TotalSeconds), sent = await Sent();
        long start = Stopwatch.GetTimestamp();
        await sweep.Submit(plan, CancellationToken.None);
        await foreach (SweepUpdate _ in sweep.Watch(0, CancellationToken.None))
        {
            // the last update ends the loop
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        SweepStatus status = await sweep.Status(CancellationToken.None);
        if (status.Jobs.FirstOrDefault(job => job.Phase != JobPhase.Succeeded) is { } failed) throw new InvalidOperationException($"{failed.Prompt}: {failed.Phase}, {failed.Reason}");
        return new Row(seconds, nodes.Sum(node => node.Processor.TotalSeconds) - processor, await Sent() - sent);

        async Task<double> Sent() => (await Task.WhenAll(nodes.Select(node => node.SentBytes(http)))).Sum();
    }

    /// <summary>A step in as many processes that know nothing of each other: what the machine itself makes of them.</summary>
    private async Task<double> Apart(int count)
    {
        string[] arguments = ["step", "--pack", settings.Pack, "--micro-shards", settings.MicroShards.ToString(CultureInfo.InvariantCulture), "--steps", settings.Steps.ToString(CultureInfo.InvariantCulture)];
        return (await Task.WhenAll(Enumerable.Range(0, count).Select(_ => MillisecondsAStep()))).Average();

        async Task<double> MillisecondsAStep()
        {
            using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
            string text = await process.StandardOutput.ReadToEndAsync();
            return double.Parse(StepTime().Match(text).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        }
    }

    [GeneratedRegex(@"([\d.]+) ms a step")]
    private static partial Regex StepTime();

    private SweepPlan Plan(Digest pack, int prompts, int maxDevices, int steps) => new()
    {
        Name = "scaling",
        MaxDevices = maxDevices,
        Jobs = [.. Enumerable.Range(0, prompts).Select(_ => new JobSpec
        {
            Prompt = "a face with red hair",
            Pack = pack,
            Bank = new BankSpec { Count = 96, Validation = 32 },
            Recipe = new RecipeSpec
            {
                Name = "scaling",
                Steps = steps,
                Mapper = new MapperRecipe { CoarseEnd = 3, MediumEnd = 6 },
                Optimizer = new OptimizerRecipe { Kind = OptimizerKind.Adam, LearningRate = 1, Schedule = ScheduleKind.Cosine },
                Batch = new BatchRecipe { Size = 8, MicroShards = settings.MicroShards },
                Validation = new ValidationRecipe { EverySteps = steps },
                Guard = new GuardRecipe { DivergenceFactor = 1000 },
                CheckpointEverySteps = steps,
            },
            Seed = _seed++, // another job every time
            Gate = new GateSpec(),
        })],
    };

    private void Print(List<(int Processes, bool IsWide, Row Row)> rows, List<(int Processes, double MillisecondsAStep)> apart)
    {
        double Median(int processes, bool isWide, Func<Row, double> figure)
        {
            double[] sorted = [.. rows.Where(row => row.Processes == processes && row.IsWide == isWide).Select(row => figure(row.Row)).Order()];
            return sorted[sorted.Length / 2];
        }

        double StepApart(int processes)
        {
            double[] sorted = [.. apart.Where(row => row.Processes == processes).Select(row => row.MillisecondsAStep).Order()];
            return sorted[sorted.Length / 2] * Math.Min(processes, Environment.ProcessorCount) / processes;
        }

        int first = settings.Processes[0];
        double alone = Median(first, false, row => row.Seconds), aloneCpu = Median(first, false, row => row.ProcessorSeconds);
        Console.WriteLine(FormattableString.Invariant($"{settings.Steps} steps of batch 8 in {settings.MicroShards} micro-shards; {Environment.ProcessorCount} cores; medians of {settings.Repeats}."));
        Console.WriteLine("| processes | prompts | seconds | per prompt and core, against one | CPU s per prompt, against one | bytes sent a step | a step without a cluster, against one |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (int processes in settings.Processes)
        {
            foreach (bool isWide in new[] { false, true })
            {
                int prompts = isWide ? 1 : processes;
                double seconds = Median(processes, isWide, row => row.Seconds), cpu = Median(processes, isWide, row => row.ProcessorSeconds);
                double perPromptAndCore = seconds * Math.Min(processes, Environment.ProcessorCount) / (prompts * alone);
                Console.WriteLine(FormattableString.Invariant($"| {processes} | {prompts} | {seconds:0.0} | {perPromptAndCore:0.00} | {cpu / prompts / aloneCpu:0.00} | {Median(processes, isWide, row => row.SentBytes) / settings.Steps:0} | {(isWide ? "" : FormattableString.Invariant($"{StepApart(processes) / StepApart(first):0.00}"))} |"));
            }
        }
    }

    private sealed record Row(double Seconds, double ProcessorSeconds, double SentBytes);
}
