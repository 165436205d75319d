using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Losses;
using StyleClip.Models.Weights;
using StyleClip.Training.LatentOptimization;
using StyleClip.Training.Mapping;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.LatentOptimization;

public sealed class PromptOptimizationTests(TrainingWorld world) : IClassFixture<TrainingWorld>
{
    private const int Steps = 6, Count = 3;

    [Theory]
    [InlineData(OptimizationKind.StyleClip, OptimizationSpace.WPlus)]
    [InlineData(OptimizationKind.StyleClip, OptimizationSpace.StyleSpace)]
    [InlineData(OptimizationKind.TediGan, OptimizationSpace.WPlus)]
    public void A_job_that_pauses_amid_a_latent_ends_with_the_bytes_of_one_that_does_not(OptimizationKind kind, OptimizationSpace space)
    {
        JobSpec job = Job(kind, space);
        using RecordingObserver undisturbed = new(), first = new() { PauseAfter = Steps + 2 }, second = new();
        TrainingOutcome expected = Run(job, undisturbed);

        TrainingOutcome paused = Run(job, first);
        Assert.Equal((TrainingEnd.Paused, Steps), (paused.End, paused.Step));
        TrainingCheckpoint checkpoint = Assert.Single(first.Checkpoints);
        TrainingOutcome resumed = Run(job, second, checkpoint.State);

        Assert.Equal(TrainingEnd.Finished, resumed.End);
        Assert.Equal(expected.Mapper, resumed.Mapper);
        Assert.Equal(expected.Strip, resumed.Strip);
        Assert.Equal(expected.Best, resumed.Best);
        Assert.Equal(undisturbed.Checkpoints[^1].State, second.Checkpoints[^1].State);
        Assert.Equal(Steps + 1, second.Steps[0].Step); // the latent at work begins again, those before do not
        Assert.Equal(Count * Steps, second.Steps[^1].Step);
    }

    [Fact]
    public void Latents_are_those_of_the_optimiser_run_by_hand_on_the_held_out_latents()
    {
        JobSpec job = Job(OptimizationKind.StyleClip, OptimizationSpace.WPlus);
        using RecordingObserver observer = new();
        TrainingOutcome outcome = Run(job, observer);
        using StateDict result = Read(outcome.Mapper!);

        using DisposeScope scope = NewDisposeScope();
        ClipLoss clip = world.Networks.ClipLoss(job.Recipe.Loss.ClipInput);
        Tensor text, starts;
        using (no_grad())
        {
            text = clip.EmbedText(world.Networks.Tokenize(job.Prompt));
            starts = world.Networks.Generator.Repeat(world.Bank.Validation(0, Count, CPU).Latents);
        }

        List<LatentOptimizationReport> reports = [];
        double shift = 0, edited = 0, source = 0;
        for (int i = 0; i < Count; i++)
        {
            LatentOptimizationOptions options = new() { Steps = Steps, LearningRate = 0.05, LambdaL2 = 0.008, LambdaId = 0.005 };
            using LatentOptimizer optimizer = LatentOptimizer.InWPlus(
                world.Networks.Generator, clip, world.Networks.IdentityLoss(), text, starts.narrow(0, i, 1), options);
            for (int step = 0; step < Steps; step++) reports.Add(optimizer.Step(out _));
            using IDisposable untracked = no_grad();
            Assert.Equal(optimizer.Latents[0].detach().bytes.ToArray(), result["latents"].narrow(0, i, 1).contiguous().bytes.ToArray());
            shift += (optimizer.Latents[0] - starts.narrow(0, i, 1)).norm().ToDouble() / Count;
            edited += (clip.EmbedImage(optimizer.Synthesize()) * text).sum().ToDouble() / Count;
            source += (clip.EmbedImage(optimizer.StartImage) * text).sum().ToDouble() / Count;
        }

        Assert.Equal([.. reports.Select(report => report.Clip)], observer.Steps.Select(step => step.ClipLoss));
        Assert.Equal([.. reports.Select(report => report.L2)], observer.Steps.Select(step => step.LatentL2Loss));
        Assert.Equal(Enumerable.Range(1, Count * Steps), observer.Steps.Select(step => step.Step));
        Assert.All(observer.Steps, step => Assert.Equal(
            step.ClipLoss + (0.008 * step.LatentL2Loss) + (0.005 * step.IdentityLoss!.Value), step.Objective, 1e-5));
        Assert.Equal(shift, outcome.Best!.LatentShiftNorm, 1e-5);
        Assert.Equal(edited, outcome.Best.EditedSimilarity, 1e-6);
        Assert.Equal(source, outcome.Best.SourceSimilarity, 1e-6);
        Assert.InRange(outcome.Best.IdentitySimilarity!.Value, -1, 1);
        Assert.NotNull(outcome.Best.DirectionalSimilarity); // there is a neutral text
    }

    [Theory]
    [InlineData(OptimizationSpace.WPlus)]
    [InlineData(OptimizationSpace.StyleSpace)]
    public void Free_generation_is_the_optimiser_run_by_hand_from_the_mean_latent_with_the_clip_term_alone(OptimizationSpace space)
    {
        JobSpec job = Job(OptimizationKind.Free, space);
        using RecordingObserver observer = new();
        TrainingOutcome outcome = Run(job, observer);
        using StateDict result = Read(outcome.Mapper!);

        using DisposeScope scope = NewDisposeScope();
        ClipLoss clip = world.Networks.ClipLoss(job.Recipe.Loss.ClipInput);
        IdentityLoss identity = world.Networks.IdentityLoss()!;
        Tensor text, start;
        Tensor[] styles;
        using (no_grad())
        {
            text = clip.EmbedText(world.Networks.Tokenize(job.Prompt));
            start = world.Networks.Generator.Repeat(world.Networks.MeanW.unsqueeze(0));
            styles = [.. world.Networks.Generator.Styles(start)];
        }

        LatentOptimizationOptions options = new() { Steps = Steps, LearningRate = 0.05, LambdaL2 = 0, LambdaId = 0 };
        using LatentOptimizer optimizer = space == OptimizationSpace.WPlus
            ? LatentOptimizer.InWPlus(world.Networks.Generator, clip, identity, text, start, options)
            : LatentOptimizer.FromStyles(world.Networks.Generator, clip, identity, text, styles, options);
        List<LatentOptimizationReport> reports = [];
        for (int step = 0; step < Steps; step++) reports.Add(optimizer.Step(out _));

        string[] keys = space == OptimizationSpace.WPlus ? ["latents"] : [.. styles.Select((_, layer) => FormattableString.Invariant($"style.{layer}"))];
        Assert.Equal(keys.Order(StringComparer.Ordinal), result.Keys.Order(StringComparer.Ordinal));
        Assert.All(keys.Index(), key => Assert.Equal(optimizer.Latents[key.Index].detach().bytes.ToArray(), result[key.Item].bytes.ToArray()));
        Assert.Equal([.. reports.Select(report => (report.Clip, report.L2, report.Objective))], observer.Steps.Select(step => (step.ClipLoss, step.LatentL2Loss, step.Objective)));
        Assert.All(observer.Steps, step => Assert.Equal((step.ClipLoss, null), (step.Objective, step.IdentityLoss)));
        using IDisposable untracked = no_grad();
        Assert.Equal((clip.EmbedImage(optimizer.StartImage) * text).sum().ToDouble(), outcome.Best!.SourceSimilarity, 1e-6); // against the mean face
        Assert.Equal((clip.EmbedImage(optimizer.Synthesize()) * text).sum().ToDouble(), outcome.Best.EditedSimilarity, 1e-6);
        Assert.Equal((identity.Features(optimizer.StartImage) * identity.Features(optimizer.Synthesize())).sum().ToDouble(), outcome.Best.IdentitySimilarity!.Value, 1e-6);
    }

    [Theory]
    [InlineData(OptimizationSpace.WPlus)]
    [InlineData(OptimizationSpace.StyleSpace)]
    public void Free_generation_that_pauses_or_dies_once_it_is_done_ends_with_the_same_bytes(OptimizationSpace space)
    {
        JobSpec job = Job(OptimizationKind.Free, space);
        using RecordingObserver undisturbed = new(), first = new() { PauseAfter = 2 }, second = new(), third = new();
        TrainingOutcome expected = Run(job, undisturbed);
        TrainingCheckpoint done = Assert.Single(undisturbed.Checkpoints);

        TrainingOutcome paused = Run(job, first);
        Assert.Equal((TrainingEnd.Paused, 0), (paused.End, paused.Step));
        Assert.Empty(first.Checkpoints); // there is one latent, which begins again
        TrainingOutcome again = Run(job, second), late = Run(job, third, done.State);

        Assert.Equal(Enumerable.Range(1, Steps), second.Steps.Select(step => step.Step));
        Assert.Empty(third.Steps);
        foreach (TrainingOutcome outcome in new[] { again, late })
        {
            Assert.Equal((TrainingEnd.Finished, Steps), (outcome.End, outcome.Step));
            Assert.Equal(expected.Mapper, outcome.Mapper);
            Assert.Equal(expected.Strip, outcome.Strip);
            Assert.Equal(expected.Best, outcome.Best);
        }
    }

    [Fact]
    public void Free_generation_needs_no_held_out_latents_and_makes_one()
    {
        JobSpec job = Job(OptimizationKind.Free, OptimizationSpace.WPlus);
        using RecordingObserver some = new(), few = new();
        Assert.Equal(Run(job, some).Mapper, Run(job with { Bank = new() { Source = BankSource.File } }, few).Mapper); // there is no file

        ArgumentException error = Assert.Throws<ArgumentException>(() => new PromptOptimization(
            job with { Recipe = job.Recipe with { Optimization = job.Recipe.Optimization! with { Count = 2 } } }, world.Networks));
        Assert.Contains("makes one latent; the recipe asks for 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_job_with_its_numbers()
    {
        JobSpec job = Job(OptimizationKind.StyleClip, OptimizationSpace.WPlus, learningRate: 1e30);
        using RecordingObserver observer = new();
        TrainingOutcome outcome = Run(job, observer);
        Assert.Equal(TrainingEnd.Diverged, outcome.End);
        Assert.Contains("of latent 1 is not finite: CLIP loss", outcome.Reason, StringComparison.Ordinal);
        Assert.Null(outcome.Mapper);
    }

    [Fact]
    public void A_bank_that_holds_out_too_few_latents_is_refused()
    {
        JobSpec job = Job(OptimizationKind.StyleClip, OptimizationSpace.WPlus);
        job = job with { Bank = job.Bank with { Validation = Count - 1 } };
        ArgumentException error = Assert.Throws<ArgumentException>(() => new PromptOptimization(job, world.Networks));
        Assert.Contains($"{Count} held-out latents are asked for; the bank has {Count - 1}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_of_another_job_is_refused()
    {
        using RecordingObserver observer = new() { PauseAfter = Steps + 1 };
        Run(Job(OptimizationKind.StyleClip, OptimizationSpace.WPlus), observer);
        Assert.Throws<WeightsException>(() => new PromptOptimization(
            Job(OptimizationKind.StyleClip, OptimizationSpace.WPlus) with { Seed = 8 }, world.Networks, state: observer.Checkpoints[0].State));
    }

    [Fact]
    public void An_abandoned_job_ends_at_once()
    {
        using CancellationTokenSource abandoned = new();
        using RecordingObserver observer = new() { StepDone = _ => abandoned.Cancel() };
        using PromptOptimization optimization = new(Job(OptimizationKind.StyleClip, OptimizationSpace.WPlus), world.Networks);
        Assert.Throws<OperationCanceledException>(() => optimization.Run(observer, observer.Pause, abandoned.Token));
        Assert.Single(observer.Steps);
    }

    private JobSpec Job(OptimizationKind kind, OptimizationSpace space, double learningRate = 0.05)
    {
        RecipeSpec recipe = TrainingWorld.Recipe with
        {
            StripFaces = 2,
            Optimization = new() { Kind = kind, Space = space, Count = Count, Steps = Steps, LearningRate = learningRate },
        };
        return world.Job with { Method = EditMethod.Optimization, Recipe = recipe.For(EditMethod.Optimization, budget: null) };
    }

    private TrainingOutcome Run(JobSpec job, RecordingObserver observer, byte[]? state = null)
    {
        set_num_threads(1);
        using PromptOptimization optimization = new(job, world.Networks, state: state);
        return optimization.Run(observer, observer.Pause);
    }

    private static StateDict Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return SafetensorsReader.Read(stream, "the result");
    }
}
