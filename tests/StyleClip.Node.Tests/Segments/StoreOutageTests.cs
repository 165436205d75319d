using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Node.Tests.Segments;

/// <summary>A store that is away costs time at most: training goes on meanwhile, and its mapper is the one of an undisturbed run.</summary>
public sealed class StoreOutageTests(UndisturbedRun undisturbed) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-outage-").FullName;

    [Fact]
    public async Task A_store_that_is_away_stops_neither_training_nor_changes_the_mapper()
    {
        using var store = new OutageStore(new DirectoryArtifactStore(Path.Combine(_folder, "away")));
        SweepPlan plan = await TrainingCluster.Plan(store);
        await using TrainingCluster cluster = await TrainingCluster.Start(store, Path.Combine(_folder, "cache"));
        store.LeaveAfter(strips: 1);
        await cluster.Submit(plan);

        JobStatus trained = await cluster.Await(plan, "trained to its end without the store", job => job.Step == TrainingCluster.Steps);
        Assert.Equal(JobPhase.Running, trained.Phase);
        Assert.True(store.IsAway && store.Refused > 0);
        store.IsAway = false;

        Assert.Equal(await undisturbed.Mapper, await cluster.Mapper(plan));
        JobStatus ended = await cluster.Await(plan, "ended", job => job.Phase.HasEnded());
        Assert.Equal(0, ended.Restarts);
    }

    [Fact]
    public async Task A_job_whose_store_goes_away_before_its_first_step_waits_for_it()
    {
        using var store = new OutageStore(new DirectoryArtifactStore(Path.Combine(_folder, "away")));
        SweepPlan plan = await TrainingCluster.Plan(store);
        await using TrainingCluster cluster = await TrainingCluster.Start(store, Path.Combine(_folder, "cache"));
        await cluster.Submit(plan);

        await cluster.Await(plan, "got a device", job => job.Phase == JobPhase.Running);
        store.IsAway = true;
        await cluster.Await(plan, "waited for the store", job => job.Reason?.Contains("waits for the store", StringComparison.Ordinal) == true);
        store.IsAway = false;

        Assert.Equal(await undisturbed.Mapper, await cluster.Mapper(plan));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
