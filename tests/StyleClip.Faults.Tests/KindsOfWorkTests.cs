using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Faults.Tests;

/// <summary>Nodes that are killed while they do what is no training of a mapper.</summary>
public sealed class KindsOfWorkTests
{
    private const int Latents = 4, Steps = 40, Ranges = 24;

    private static readonly DirectionTableSpec Table = new() { Samples = 500, Images = 24 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_optimisation_whose_node_is_killed_ends_with_the_same_latents_and_begins_none_that_is_done_again()
    {
        string expected = await Undisturbed(Optimization);
        await using FaultCluster cluster = await FaultCluster.Create();
        await cluster.StartNodes("n1", "n2");
        WatchedJob job = await cluster.Submit(Plan(cluster, width: 1, Optimization));
        JobStatus before = await job.Until("is amid its third latent", status => status.CheckpointStep >= 2 * Steps && status.LastStep?.Step > status.CheckpointStep);

        await cluster.Node((await job.Stored())!.Lease!.Node).Kill();
        JobStatus after = await job.Until("goes on elsewhere", status => status.Epoch > before.Epoch && status.LastStep is not null);

        Assert.True(after.LastStep!.Step > before.CheckpointStep, $"Step {after.LastStep.Step} follows the checkpoint of step {before.CheckpointStep}.");
        JobState end = await End(cluster, job);
        Assert.Equal(expected, end.Result!.Mapper.Digest.Hex);
        await StoredWork.RequireWhole(cluster, end);
        await cluster.Stop();
    }

    [Fact]
    public async Task A_table_of_two_nodes_of_which_one_is_killed_is_the_table_of_one_and_keeps_the_ranges_that_are_done()
    {
        string expected = await Undisturbed(TableOf);
        await using FaultCluster cluster = await FaultCluster.Create();
        await cluster.StartNodes("n1", "n2");
        WatchedJob job = await cluster.Submit(Plan(cluster, width: 2, TableOf));
        JobStatus before = await job.Until("two devices measure", status => status.Width == 2 && status.Step >= 2);
        DirectionBuildState done = await Board(cluster);

        string leader = (await job.Stored())!.Lease!.Node;
        await cluster.Node(leader).Kill();
        await job.Until("the follower leads", status => status.Epoch > before.Epoch && status.Width == 1 && status.Step >= before.Step);

        JobState end = await End(cluster, job);
        Assert.Equal(expected, end.Result!.Mapper.Digest.Hex);
        Assert.Equal(0, end.Restarts); // the table went on where it was
        DirectionBuildState whole = await Board(cluster);
        Assert.InRange(done.RangesDone(), 2, Ranges - 1);
        Assert.All(done.Ranges.Zip(whole.Ranges).Where(range => range.First.Artifact is not null), range => Assert.Equal(range.First, range.Second));
        await cluster.Stop();
    }

    private static JobSpec Optimization(JobSpec job) => job with
    {
        Method = EditMethod.Optimization,
        Recipe = (job.Recipe with { Optimization = new OptimizationRecipe { Count = Latents, Steps = Steps } }).For(EditMethod.Optimization, budget: null),
    };

    private static JobSpec TableOf(JobSpec job) => job with { Prompt = "faces", Table = Table, Recipe = new RecipeSpec { Name = "table", Steps = Ranges } };

    private static SweepPlan Plan(FaultCluster cluster, int width, Func<JobSpec, JobSpec> change)
    {
        SweepPlan plan = cluster.Plan(width);
        return plan with { Jobs = [change(plan.Jobs[0])] };
    }

    private static async Task<string> Undisturbed(Func<JobSpec, JobSpec> change)
    {
        await using FaultCluster cluster = await FaultCluster.Create();
        await cluster.StartNodes("n1");
        JobState end = await End(cluster, await cluster.Submit(Plan(cluster, width: 1, change)));
        await cluster.Stop();
        return end.Result!.Mapper.Digest.Hex;
    }

    private static async Task<JobState> End(FaultCluster cluster, WatchedJob job)
    {
        JobState end = await job.End();
        Assert.True(end.Phase == JobPhase.Succeeded, $"{end.Phase}: {end.Reason}\n{cluster.Explain()}");
        return end;
    }

    private static async Task<DirectionBuildState> Board(FaultCluster cluster)
    {
        string document = Assert.Single(await cluster.Store.ListDocuments("directions/", Ct).ToListAsync(Ct));
        return (await cluster.Store.ReadDocument<DirectionBuildState>(document, Ct))!;
    }
}
