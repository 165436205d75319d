using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Training.Domain;
using StyleClip.Training.Mapping;
using TorchSharp;

namespace StyleClip.Training.Tests.Domain;

public sealed class DomainProbeTests(TrainingWorld world) : IClassFixture<TrainingWorld>
{
    private const string Prompt = "a face with red hair";

    private static readonly DomainRecipe Recipe = new() { Pictures = 64, Latents = 2, Steps = 6 };

    [Fact]
    public void The_answer_is_a_function_of_pack_prompt_and_recipe()
    {
        torch.set_num_threads(1);
        using DomainPictures some = Pictures(), others = Pictures();
        DomainProbe first = new(world.Networks, some, Recipe), second = new(world.Networks, others, Recipe);
        second.Draw("a smiling face"); // what was asked before has no part in it

        Assert.Equal(DomainMeasurement.Of(first, Prompt), DomainMeasurement.Of(second, Prompt));
    }

    [Fact]
    public void Pictures_begin_with_the_nearest_and_come_nearer()
    {
        torch.set_num_threads(1);
        using DomainPictures pictures = Pictures();
        DomainProbe probe = new(world.Networks, pictures, Recipe);
        DomainReach drawn = probe.Draw(Prompt), edited = probe.Edit(Prompt);

        Assert.True(drawn.Before > edited.Before, $"nearest {drawn.Before}, any {edited.Before}");
        Assert.True(drawn.After > drawn.Before, $"{drawn.Before} to {drawn.After}");
        Assert.True(edited.After > edited.Before, $"{edited.Before} to {edited.After}");
    }

    [Fact]
    public void A_job_that_was_resumed_has_the_same_report()
    {
        JobSpec job = world.Job with { Recipe = world.Job.Recipe with { Domain = Recipe } };
        var whole = new RecordingObserver();
        TrainingOutcome undisturbed = world.Train(job, whole);
        TrainingOutcome resumed = world.Train(job, new RecordingObserver(), whole.Checkpoints[0].State);

        using DomainPictures pictures = Pictures();
        DomainProbe probe = new(world.Networks, pictures, Recipe);
        DomainMeasurement expected = DomainMeasurement.Of(probe, job, undisturbed.Mapper!);
        Assert.Equal(expected, DomainMeasurement.Of(probe, job, resumed.Mapper!));
        Assert.NotNull(expected.MapperSimilarity);
    }

    [Fact]
    public void Asking_changes_nothing_about_the_mapper()
    {
        byte[]? with = world.Train(world.Job with { Recipe = world.Job.Recipe with { Domain = Recipe } }, new RecordingObserver()).Mapper;
        byte[]? without = world.Train(world.Job, new RecordingObserver()).Mapper;

        Assert.Equal(without, with);
    }

    [Fact]
    public void It_ends_between_two_steps_when_it_is_told_to()
    {
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        using DomainPictures pictures = Pictures();
        DomainProbe probe = new(world.Networks, pictures, Recipe, ended.Token);

        Assert.Throws<OperationCanceledException>(() => probe.Edit(Prompt));
        Assert.Throws<OperationCanceledException>(() => probe.Draw(Prompt));
    }

    private DomainPictures Pictures() => new(world.Networks, Recipe.Pictures);
}
