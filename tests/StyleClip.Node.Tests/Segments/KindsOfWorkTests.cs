using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Models.Weights;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Directions;

namespace StyleClip.Node.Tests.Segments;

/// <summary>Jobs of every kind on a real silo with the demo pack.</summary>
public sealed class KindsOfWorkTests : IDisposable
{
    private const int Latents = 3, Steps = 4, Ranges = 6;

    private static readonly DirectionTableSpec Table = new() { Samples = 100, Images = 1, LastLayer = 3, ImagesPerPass = 4 };

    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-kinds-").FullName;
    private readonly DirectoryArtifactStore _store;

    public KindsOfWorkTests() => _store = new DirectoryArtifactStore(Path.Combine(_folder, "store"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_optimisation_that_is_paused_ends_with_the_latents_of_one_that_is_not()
    {
        SweepPlan plan = await Plan(Optimization);
        JobStatus expected = await Undisturbed(plan);
        Assert.Equal((Latents * Steps, Latents * Steps), (expected.Step, expected.StepsTarget));

        await using TrainingCluster cluster = await Start();
        await cluster.Submit(plan);
        await cluster.Await(plan, "stored a checkpoint", job => job.CheckpointStep > 0);
        await cluster.Pause(plan);
        JobStatus paused = await cluster.Await(plan, "paused", job => job.Phase is JobPhase.Paused || job.Phase.HasEnded());
        await cluster.Resume(plan);
        JobStatus ended = await Ended(cluster, plan);

        Assert.Equal(expected.Mapper!.Digest, ended.Mapper!.Digest);
        Assert.Equal(expected.Best, ended.Best);
        Assert.Equal(0, paused.CheckpointStep % Steps); // a checkpoint holds whole latents
        using StateDict latents = await Read(ended.Mapper);
        Assert.Equal(Latents, latents["latents"].shape[0]);
    }

    [Fact]
    public async Task A_mapper_that_is_paused_while_its_generator_is_asked_ends_with_the_answer_of_one_that_is_not()
    {
        SweepPlan plan = await Plan(job => job with { Recipe = job.Recipe with { Steps = Steps, Domain = new DomainRecipe { Pictures = 64, Latents = 2, Steps = 40 } } });
        JobStatus expected = await Undisturbed(plan);
        Assert.NotNull(expected.Domain?.MapperSimilarity);

        await using TrainingCluster cluster = await Start();
        await cluster.Submit(plan);
        await cluster.Await(plan, "stored its last checkpoint", job => job.CheckpointStep == Steps);
        await cluster.Pause(plan);
        JobStatus paused = await cluster.Await(plan, "paused", job => job.Phase is JobPhase.Paused || job.Phase.HasEnded());
        await cluster.Resume(plan);
        JobStatus ended = await Ended(cluster, plan);

        Assert.Equal((JobPhase.Paused, null), (paused.Phase, paused.Domain));
        Assert.Equal((expected.Domain, expected.Mapper!.Digest), (ended.Domain, ended.Mapper!.Digest));
    }

    [Fact]
    public async Task A_direction_measures_its_table_first_and_the_next_one_finds_it()
    {
        SweepPlan first = await Plan(job => Direction(job, "a face with red hair")), second = await Plan(job => Direction(job, "a smiling face"));
        await using TrainingCluster cluster = await Start();
        await cluster.Submit(first);
        await cluster.Await(first, "measured its table", job => job.Reason?.Contains("measures the direction table, range", StringComparison.Ordinal) == true);
        JobStatus red = await Ended(cluster, first);
        DirectionTableEntry published = await Published();
        Assert.Equal(Table.DefaultName(), published.Name);

        await cluster.Submit(second);
        JobStatus smiling = await Ended(cluster, second);

        Assert.Equal(published, await Published()); // still the only one
        Assert.NotEqual(red.Mapper!.Digest, smiling.Mapper!.Digest);
        Assert.NotEqual(0, red.Best!.LatentShiftNorm);
        Assert.True(red.DeviceSeconds > 0);
        using StateDict direction = await Read(red.Mapper);
        Assert.Equal("2", direction.Metadata["alpha"]);
        Assert.NotNull(red.Strip);
    }

    [Fact]
    public async Task A_direction_that_no_channel_reaches_fails_with_the_reason_at_once()
    {
        SweepPlan plan = await Plan(job => Direction(job, "a face with red hair", beta: 1));
        await using TrainingCluster cluster = await Start();
        await cluster.Submit(plan);
        JobStatus failed = await cluster.Await(plan, "ended", job => job.Phase.HasEnded());
        Assert.Equal((JobPhase.Failed, 0), (failed.Phase, failed.Restarts));
        Assert.Contains("changes nothing: no channel reaches beta 1", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_two_devices_share_is_the_table_of_one()
    {
        SweepPlan plan = await Plan(job => TableOf(job, "faces"));
        JobStatus expected = await Undisturbed(plan);

        await using TrainingCluster cluster = await Start(devices: 2);
        await cluster.Submit(plan);
        await cluster.Await(plan, "became wide", job => job.Width == 2 || job.Phase.HasEnded());
        JobStatus ended = await Ended(cluster, plan);

        Assert.Equal(expected.Mapper!.Digest, ended.Mapper!.Digest);
        Assert.Equal((Ranges, Ranges), (ended.Step, ended.StepsTarget));
        DirectionTableEntry published = await Published();
        Assert.Equal(("faces", ended.Mapper), (published.Name, published.Table));
        DirectionBuildState board = await Board();
        Assert.Equal(Ranges, board.Ranges.Count);
        Assert.Equal(board.DeviceSeconds(), ended.DeviceSeconds, 1e-6);
        Assert.All(board.Ranges, range => Assert.True(range.Seconds > 0));
    }

    [Fact]
    public async Task A_table_whose_store_goes_away_is_measured_on_when_it_is_back()
    {
        SweepPlan plan = await Plan(job => TableOf(job, "faces"));
        JobStatus expected = await Undisturbed(plan);

        using var store = new OutageStore(new DirectoryArtifactStore(Path.Combine(_folder, "away")));
        await TrainingCluster.Plan(store); // publishes the pack
        await using TrainingCluster cluster = await TrainingCluster.Start(store, Path.Combine(_folder, "cache"));
        await cluster.Submit(plan);
        await cluster.Await(plan, "measured a range", job => job.Reason?.Contains("measures the direction table, range", StringComparison.Ordinal) == true);
        store.IsAway = true;
        await cluster.Await(plan, "waited for the store", job => job.Reason?.Contains("waits for the store", StringComparison.Ordinal) == true);
        store.IsAway = false;
        JobStatus ended = await Ended(cluster, plan);

        Assert.Equal((expected.Mapper!.Digest, 0), (ended.Mapper!.Digest, ended.Restarts));
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static JobSpec Optimization(JobSpec job) => job with
    {
        Method = EditMethod.Optimization,
        Recipe = (job.Recipe with { Optimization = new OptimizationRecipe { Count = Latents, Steps = Steps } }).For(EditMethod.Optimization, budget: null),
    };

    private static JobSpec Direction(JobSpec job, string prompt, double? beta = 0.05) => job with
    {
        Prompt = prompt,
        Neutral = "a face",
        Method = EditMethod.Direction,
        Recipe = (job.Recipe with { Direction = new DirectionRecipe { Beta = beta, Table = Table } }).For(EditMethod.Direction, budget: null),
    };

    private static JobSpec TableOf(JobSpec job, string name) => job with { Prompt = name, Table = Table, Recipe = new RecipeSpec { Name = "table", Steps = Ranges } };

    private async Task<SweepPlan> Plan(Func<JobSpec, JobSpec> change)
    {
        SweepPlan plan = await TrainingCluster.Plan(_store);
        return plan with { Jobs = [change(plan.Jobs[0]) with { Gate = new GateSpec { ClipGain = null, IdentitySimilarity = null } }] };
    }

    private Task<TrainingCluster> Start(int devices = 1) => TrainingCluster.Start(_store, Path.Combine(_folder, "cache"), devices);

    /// <summary>The job in a store of its own, with nothing in its way.</summary>
    private async Task<JobStatus> Undisturbed(SweepPlan plan)
    {
        using var store = new DirectoryArtifactStore(Path.Combine(_folder, "undisturbed"));
        await TrainingCluster.Plan(store); // publishes the pack
        await using TrainingCluster cluster = await TrainingCluster.Start(store, Path.Combine(_folder, "cache"));
        await cluster.Submit(plan);
        return await Ended(cluster, plan);
    }

    private static async Task<JobStatus> Ended(TrainingCluster cluster, SweepPlan plan)
    {
        JobStatus job = await cluster.Await(plan, "ended", job => job.Phase.HasEnded());
        Assert.True(job.Phase == JobPhase.Succeeded, $"The job ended as {job}.");
        return job;
    }

    private async Task<DirectionTableEntry> Published() => Assert.Single(await new DirectionLibrary(_store).List(pack: null, Ct).ToListAsync(Ct));

    private async Task<DirectionBuildState> Board()
    {
        string document = Assert.Single(await _store.ListDocuments("directions/", Ct).ToListAsync(Ct));
        return (await _store.ReadDocument<DirectionBuildState>(document, Ct))!;
    }

    private async Task<StateDict> Read(ArtifactRef artifact)
    {
        using MemoryStream stream = new(await _store.Read(artifact, Ct));
        return SafetensorsReader.Read(stream, "the result");
    }
}
