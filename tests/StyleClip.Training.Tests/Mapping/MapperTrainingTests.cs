using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Weights;
using StyleClip.Training.Gradients;
using StyleClip.Training.Mapping;
using StyleClip.Training.Tests.Gradients;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Mapping;

public sealed class MapperTrainingTests(TrainingWorld world) : IClassFixture<TrainingWorld>
{
    [Fact]
    public void The_same_job_gives_the_same_bytes()
    {
        using RecordingObserver first = new(), second = new();

        TrainingOutcome one = world.Train(world.Job, first), two = world.Train(world.Job, second);

        Assert.Equal(TrainingEnd.Finished, one.End);
        Assert.Equal(Digest.Of(one.Mapper), Digest.Of(two.Mapper));
        Assert.Equal(Digest.Of(one.Strip), Digest.Of(two.Strip));
        Assert.Equal(first.Checkpoints.Select(checkpoint => Digest.Of(checkpoint.State)), second.Checkpoints.Select(checkpoint => Digest.Of(checkpoint.State)));
    }

    [Fact]
    public void Another_seed_gives_another_mapper()
    {
        using RecordingObserver observer = new();

        TrainingOutcome one = world.Train(world.Job, observer), two = world.Train(world.Job with { Seed = 8 }, observer);

        Assert.NotEqual(Digest.Of(one.Mapper), Digest.Of(two.Mapper));
    }

    [Theory]
    [InlineData(OptimizerKind.Ranger, MapperKind.Levels)]
    [InlineData(OptimizerKind.Adam, MapperKind.Levels)]
    [InlineData(OptimizerKind.Ranger, MapperKind.StyleSpaceWithoutToRgb)]
    public void Pausing_anywhere_changes_no_byte(OptimizerKind optimizer, MapperKind kind)
    {
        JobSpec job = WithRecipe(recipe => recipe with
        {
            Optimizer = recipe.Optimizer with { Kind = optimizer },
            Mapper = recipe.Mapper with { Kind = kind },
        });
        using RecordingObserver whole = new();
        TrainingOutcome expected = world.Train(job, whole);

        byte[]? state = null;
        TrainingOutcome outcome;
        int pauses = 0;
        do
        {
            // After steps 1, 2, 4, 7, 11: before, at and behind validations, checkpoints and pulls of the look-ahead.
            using RecordingObserver part = new() { PauseAfter = 1 + (pauses * (pauses + 1) / 2) };
            outcome = world.Train(job, part, state);
            Assert.Equal(outcome.Step, part.Checkpoints[^1].Step);
            state = part.Checkpoints[^1].State;
            pauses++;
        }
        while (outcome.End == TrainingEnd.Paused);

        Assert.Equal(6, pauses);
        Assert.Equal(Digest.Of(expected.Mapper), Digest.Of(outcome.Mapper));
        Assert.Equal(Digest.Of(expected.Strip), Digest.Of(outcome.Strip));
        Assert.Equal(Digest.Of(whole.Checkpoints[^1].State), Digest.Of(state));
        Assert.Equal(expected.Best, outcome.Best);
    }

    [Fact]
    public void Every_checkpoint_continues_to_the_same_bytes()
    {
        using RecordingObserver whole = new();
        TrainingOutcome expected = world.Train(world.Job, whole);

        Assert.Equal([4, 8, 12], whole.Checkpoints.Select(checkpoint => checkpoint.Step));
        foreach (TrainingCheckpoint checkpoint in whole.Checkpoints)
        {
            using RecordingObserver rest = new();
            Assert.Equal(Digest.Of(expected.Mapper), Digest.Of(world.Train(world.Job, rest, checkpoint.State).Mapper));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Members_that_share_the_micro_shards_end_with_the_bytes_of_one(int members)
    {
        JobSpec job = WithRecipe(recipe => recipe with { Batch = new() { Size = 4, MicroShards = 4 } });
        using RecordingObserver alone = new();
        TrainingOutcome expected = world.Train(job, alone);

        using InMemoryExchange exchange = new(members, microShards: 4);
        RecordingObserver[] observers = [.. Enumerable.Range(0, members).Select(_ => new RecordingObserver())];
        TrainingOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, members).Select(member => Task.Factory.StartNew(
            () => world.Train(job, observers[member], exchange: exchange.Member(member)),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.All(outcomes, outcome => Assert.Equal(Digest.Of(expected.Mapper), Digest.Of(outcome.Mapper)));
        Assert.All(observers, observer => Assert.Equal(alone.Steps.Select(Unclocked), observer.Steps.Select(Unclocked)));
        Assert.NotEmpty(observers[0].Checkpoints);
        Assert.All(observers[1..], observer => Assert.Empty(observer.Checkpoints)); // the leader makes them
        foreach (RecordingObserver observer in observers) observer.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(11)]
    public void An_exchange_that_ends_in_the_middle_of_a_step_changes_no_byte(int interruptedStep)
    {
        using RecordingObserver whole = new(), part = new();
        TrainingOutcome expected = world.Train(world.Job, whole);
        using MapperTraining training = new(world.Job, world.Networks, world.Bank);
        using EndingExchange ending = new(interruptedStep);

        TrainingOutcome interrupted = training.Run(ending, part, part.Pause);
        TrainingOutcome outcome = training.Run(LocalGradientExchange.Instance, part, part.Pause);

        Assert.Equal((TrainingEnd.Interrupted, interruptedStep), (interrupted.End, interrupted.Step));
        Assert.Equal(Digest.Of(expected.Mapper), Digest.Of(outcome.Mapper));
        Assert.Equal(whole.Steps.Select(Unclocked), part.Steps.Select(Unclocked));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(11)]
    public void A_member_that_adopts_the_state_of_another_ends_with_its_bytes(int step)
    {
        using RecordingObserver whole = new(), first = new(), second = new();
        TrainingOutcome expected = world.Train(world.Job, whole);
        using MapperTraining leader = new(world.Job, world.Networks, world.Bank), follower = new(world.Job, world.Networks, world.Bank);
        using EndingExchange there = new(step), here = new(3);
        leader.Run(there, first, first.Pause);
        follower.Run(here, second, second.Pause); // it may be behind, or a step too far

        follower.Adopt(leader.Capture());
        TrainingOutcome outcome = follower.Run(LocalGradientExchange.Instance, second, second.Pause);

        Assert.Equal(Digest.Of(expected.Mapper), Digest.Of(outcome.Mapper));
        Assert.Equal(Digest.Of(whole.Checkpoints[^1].State), Digest.Of(second.Checkpoints[^1].State));
    }

    [Fact]
    public void Training_lowers_the_objective()
    {
        JobSpec job = WithRecipe(recipe => recipe with { Steps = 40, Optimizer = new() { Kind = OptimizerKind.Adam, LearningRate = 1 }, Loss = recipe.Loss with { LatentL2 = 0.1 } });
        using RecordingObserver observer = new();

        TrainingOutcome outcome = world.Train(job, observer);

        // How far it falls depends on the networks, which are random here; that it falls at every validation does not.
        Assert.All(
            observer.Validations.Zip(observer.Validations.Skip(1)),
            pair => Assert.True(pair.Second.Objective < pair.First.Objective, $"{pair.First.Objective} at step {pair.First.Step}, then {pair.Second.Objective}."));
        Assert.True(outcome.Best!.ClipGain > Math.Max(0, observer.Validations[0].ClipGain), $"The CLIP gain is {outcome.Best.ClipGain}.");
        Assert.Equal(40, observer.Steps.Count);
        Assert.Equal([5, 10, 15, 20, 25, 30, 35, 40], observer.Validations.Select(report => report.Step));
    }

    [Fact]
    public void The_mapper_file_holds_the_upstream_keys_alone()
    {
        using RecordingObserver observer = new();

        TrainingOutcome outcome = world.Train(world.Job, observer);

        using MemoryStream stream = new(outcome.Mapper!);
        using StateDict mapper = SafetensorsReader.Read(stream, "mapper");
        string[] levels = ["course_mapping", "fine_mapping", "medium_mapping"];
        Assert.Equal(levels.SelectMany(level => new[] { "mapping.1.bias", "mapping.1.weight", "mapping.2.bias", "mapping.2.weight" }.Select(key => $"{level}.{key}")), mapper.Keys);
        Assert.Empty(mapper.Metadata);
    }

    [Fact]
    public void The_best_mapper_is_the_one_with_the_largest_gain_under_the_identity_floor()
    {
        JobSpec free = WithRecipe(recipe => recipe with { Steps = 30, Optimizer = new() { Kind = OptimizerKind.Adam, LearningRate = 2 }, Loss = recipe.Loss with { LatentL2 = 0, Identity = 0 } });
        using RecordingObserver observer = new();
        world.Train(free, observer);
        double[] similarities = [.. observer.Validations.Select(report => report.IdentitySimilarity!.Value).Order()];
        double floor = similarities[similarities.Length / 2];

        using RecordingObserver gated = new();
        TrainingOutcome outcome = world.Train(free with { Gate = new() { IdentitySimilarity = floor } }, gated);

        ValidationReport expected = observer.Validations.Where(report => report.IdentitySimilarity >= floor).MaxBy(report => report.ClipGain)!;
        Assert.Equal(expected, outcome.Best);
    }

    [Fact]
    public void A_job_that_stops_improving_ends_early_and_stays_ended()
    {
        // A step size of almost nothing: the objective cannot fall by the least improvement.
        JobSpec job = WithRecipe(recipe => recipe with
        {
            Optimizer = new() { Kind = OptimizerKind.Adam, LearningRate = 1e-6 },
            Validation = recipe.Validation with { EverySteps = 2 },
            EarlyStopping = new() { Patience = 2, MinImprovement = 0.01 },
        });
        using RecordingObserver observer = new(), again = new();

        TrainingOutcome outcome = world.Train(job, observer);
        TrainingOutcome resumed = world.Train(job, again, observer.Checkpoints[^1].State);

        Assert.Equal((TrainingEnd.EarlyStopped, 6), (outcome.End, outcome.Step));
        Assert.Contains("2 validations", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(6, observer.Checkpoints[^1].Step);
        Assert.Equal((TrainingEnd.EarlyStopped, 6), (resumed.End, resumed.Step));
        Assert.Equal(Digest.Of(outcome.Mapper), Digest.Of(resumed.Mapper));
        Assert.Empty(again.Steps);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_stops_the_job_before_it_reaches_a_weight()
    {
        using RecordingObserver observer = new();

        TrainingOutcome outcome = world.Train(world.Job, observer, exchange: new PoisonedExchange(poisonedStep: 6));

        Assert.Equal((TrainingEnd.Diverged, 6), (outcome.End, outcome.Step));
        Assert.Contains("Step 7 is not finite", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains("gradient norm NaN", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(4, observer.Checkpoints[^1].Step);
        Assert.Equal(5, outcome.Best!.Step);
    }

    [Fact]
    public void An_objective_far_above_the_first_one_stops_the_job()
    {
        JobSpec job = WithRecipe(recipe => recipe with
        {
            Steps = 60,
            Optimizer = new() { Kind = OptimizerKind.Adam, LearningRate = 500 },
            Loss = recipe.Loss with { LatentL2 = 10 },
            Guard = new() { DivergenceFactor = 1.5, DivergencePatience = 1 },
            Validation = recipe.Validation with { EverySteps = 1 },
        });
        using RecordingObserver observer = new();

        TrainingOutcome outcome = world.Train(job, observer);

        Assert.Equal(TrainingEnd.Diverged, outcome.End);
        Assert.Contains("2 validations in a row", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_of_another_job_is_refused()
    {
        using RecordingObserver observer = new();
        world.Train(world.Job, observer);
        byte[] state = observer.Checkpoints[0].State;

        WeightsException error = Assert.Throws<WeightsException>(() => world.Train(world.Job with { Seed = 1 }, observer, state));

        Assert.Contains(JobId.Of(world.Job).Value, error.Message, StringComparison.Ordinal);
        Assert.Contains(JobId.Of(world.Job with { Seed = 1 }).Value, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directional_recipe_needs_a_neutral_text()
    {
        JobSpec job = WithRecipe(recipe => recipe with { Loss = recipe.Loss with { ClipTarget = ClipTarget.Directional } });
        using RecordingObserver observer = new();

        Assert.Equal(TrainingEnd.Finished, world.Train(job, observer).End);
        ArgumentException error = Assert.Throws<ArgumentException>(() => world.Train(job with { Neutral = null }, observer));
        Assert.Contains("needs a neutral text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_validation_measures_what_its_names_say()
    {
        using RecordingObserver observer = new();
        world.Train(world.Job, observer);
        ValidationReport report = observer.Validations[0];
        using DisposeScope scope = NewDisposeScope();
        using PromptTarget target = PromptTarget.Of(world.Networks.ClipLoss(ClipInput.Normalized), world.Networks.Tokenize, world.Job.Prompt, world.Job.Neutral);

        double source = target.Similarity(world.Bank.Validation(0, 6, CPU).Clip).mean().item<float>();

        Assert.Equal(source, report.SourceSimilarity, 1e-6);
        Assert.Equal(1 - report.ClipLoss, report.EditedSimilarity, 1e-9);
        Assert.Equal(1 - report.IdentityLoss!.Value, report.IdentitySimilarity!.Value, 1e-9);
        Assert.Equal(report.ClipLoss + (0.1 * report.IdentityLoss.Value) + (0.8 * report.LatentL2Loss), report.Objective, 1e-9);
        Assert.InRange(report.DirectionalSimilarity!.Value, -1, 1);
        Assert.True(report.LatentShiftNorm > 0);
    }

    private JobSpec WithRecipe(Func<RecipeSpec, RecipeSpec> change) => world.Job with { Recipe = change(world.Job.Recipe) };

    private static StepReport Unclocked(StepReport report) => report with { Seconds = 0 };

    /// <summary>Ends while a step is being added up.</summary>
    private sealed class EndingExchange(int step) : IGradientExchange, IDisposable
    {
        private readonly CancellationTokenSource _ended = new();

        public bool IsLeader => true;

        public CancellationToken Ended => _ended.Token;

        public IReadOnlyList<int> Assign(int stepsDone, int microShards) => LocalGradientExchange.Instance.Assign(stepsDone, microShards);

        public Tensor Sum(int stepsDone, int microShards, IReadOnlyList<MicroShardGradient> own)
        {
            if (stepsDone != step) return LocalGradientExchange.Instance.Sum(stepsDone, microShards, own);
            _ended.Cancel();
            throw new OperationCanceledException(_ended.Token);
        }

        public void Dispose() => _ended.Dispose();
    }

    private sealed class PoisonedExchange(int poisonedStep) : IGradientExchange
    {
        public bool IsLeader => true;

        public CancellationToken Ended => CancellationToken.None;

        public IReadOnlyList<int> Assign(int stepsDone, int microShards) => LocalGradientExchange.Instance.Assign(stepsDone, microShards);

        public Tensor Sum(int stepsDone, int microShards, IReadOnlyList<MicroShardGradient> own)
        {
            Tensor total = LocalGradientExchange.Instance.Sum(stepsDone, microShards, own);
            if (stepsDone == poisonedStep) total[3] = float.NaN;
            return total;
        }
    }
}
