using StyleClip.Contracts.Comparisons;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Weights;
using StyleClip.Training.Comparison;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Training.Tests.Comparison;

public sealed class EditEvaluatorTests : IClassFixture<TrainingWorld>, IDisposable
{
    private const int Count = 3;

    private readonly TrainingWorld _world;
    private readonly EditEvaluator _evaluator;
    private readonly Tensor _latents;

    public EditEvaluatorTests(TrainingWorld world)
    {
        set_num_threads(1);
        _world = world;
        _latents = BankBuilder.HeldOutWPlus(TrainingWorld.BankSpec, world.Networks, Count, latentFile: null);
        _evaluator = new EditEvaluator(world.Networks, ClipInput.Normalized, _latents);
    }

    private Generator Generator => _world.Networks.Generator;

    public void Dispose()
    {
        _evaluator.Dispose();
        _latents.Dispose();
    }

    [Fact]
    public void The_latents_are_the_first_that_mappers_are_validated_on()
    {
        using DisposeScope scope = NewDisposeScope();
        Golden.AssertClose(Generator.Repeat(_world.Bank.Validation(0, Count, CPU).Latents), _latents, 1e-6);
    }

    [Fact]
    public void Without_an_edit_nothing_is_gained_or_moved()
    {
        using OptimizedResult none = new(Generator, [_latents.clone()]);

        EvaluatedEdit measured = Measure(none);

        Assert.Equal(_evaluator.Pictures, measured.Pictures);
        Assert.Equal(new StepSimilarity(), measured.StepSimilarity);
        Assert.All(measured.Latents, numbers =>
        {
            Assert.Equal((0.0, 0.0, 0.0, 0.0), (numbers.ClipGain, numbers.WPlusDistance, numbers.StyleDistance, numbers.PixelDistance));
            Assert.Equal(1, numbers.IdentitySimilarity!.Value, 1e-6);
            Assert.Null(numbers.DirectionalSimilarity);
        });
    }

    [Fact]
    public void A_direction_is_one_step_of_known_length_for_all()
    {
        using DisposeScope scope = NewDisposeScope();
        int width = Generator.Spec.StyleWidths[0];
        using DirectionResult direction = new(
            Generator, Generator.Spec.StyleWidths.Select((channels, layer) => layer == 0 ? full([channels], 0.5f) : zeros([channels])), strength: 3);

        EvaluatedEdit measured = Measure(direction);

        Assert.Equal(1, measured.StepSimilarity.StyleSpace!.Value, 1e-5);
        Assert.Null(measured.StepSimilarity.WPlus);
        Assert.All(measured.Latents, numbers => Assert.Equal((1.5 * Math.Sqrt(width), null), (Math.Round(numbers.StyleDistance, 4), numbers.WPlusDistance), RoundedPair));
    }

    [Fact]
    public void A_code_exchanged_for_anothers_is_measured_as_the_way_between_both()
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor turned = _latents.roll(1, 0);
        using OptimizedResult exchange = new(Generator, [turned.clone()]);

        EvaluatedEdit measured = Measure(exchange);

        Tensor images = cat([.. Enumerable.Range(0, Count).Select(i => Generator.Synthesize(_latents.narrow(0, i, 1)))]);
        Tensor pixels = ((images + 1) / 2).clamp(0, 1);
        Tensor moved = (pixels - pixels.roll(1, 0)).square().mean([1, 2, 3]).sqrt();
        Assert.Equal([.. _evaluator.Pictures.Skip(Count - 1), .. _evaluator.Pictures.Take(Count - 1)], measured.Pictures);
        for (int i = 0; i < Count; i++)
        {
            EditNumbers numbers = measured.Latents[i];
            Assert.Equal((turned[i] - _latents[i]).norm().ToDouble(), numbers.WPlusDistance!.Value, 1e-4);
            Assert.Equal(moved[i].ToDouble(), numbers.PixelDistance, 1e-5);
            Assert.Equal(measured.Latents[(i + Count - 1) % Count].SourceSimilarity, numbers.EditedSimilarity, 1e-5);
            Assert.InRange(numbers.DirectionalSimilarity!.Value, -1, 1);
        }
    }

    [Theory]
    [InlineData(MapperKind.Levels)]
    [InlineData(MapperKind.StyleSpaceWithoutToRgb)]
    public void A_mapper_is_measured_as_its_validation_measures_it(MapperKind kind)
    {
        JobSpec job = _world.Job with { Recipe = TrainingWorld.Recipe with { Mapper = TrainingWorld.Recipe.Mapper with { Kind = kind } } };
        using MapperEdit mapper = MapperEdit.Create(job.Recipe.Mapper, Generator, seed: 5);
        using StateDict weights = StateDict.From(mapper.Module);
        using IComparedEdit result = ComparedEdits.Open(job, weights, _world.Networks, TrainingWorld.BankSpec.Validation);
        using Tensor all = BankBuilder.HeldOutWPlus(TrainingWorld.BankSpec, _world.Networks, TrainingWorld.BankSpec.Validation, latentFile: null);
        using EditEvaluator evaluator = new(_world.Networks, ClipInput.Normalized, all);

        EditNumbers mean = EditMeans.Of(evaluator.Measure(result, job.Prompt, job.Neutral!, TestContext.Current.CancellationToken).Latents);

        ValidationReport expected = MapperMeasurement.Of(job, weights, _world.Networks, _world.Bank).Report;
        Assert.Equal(expected.SourceSimilarity, mean.SourceSimilarity, 1e-5);
        Assert.Equal(expected.EditedSimilarity, mean.EditedSimilarity, 1e-5);
        Assert.Equal(expected.IdentitySimilarity!.Value, mean.IdentitySimilarity!.Value, 1e-5);
        Assert.Equal(expected.DirectionalSimilarity!.Value, mean.DirectionalSimilarity!.Value, 1e-4);
        Assert.Equal(expected.LatentShiftNorm, mean.WPlusDistance ?? mean.StyleDistance, 1e-4);
    }

    [Fact]
    public void Latents_in_style_space_are_read_back_as_they_were_written()
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        JobSpec job = _world.Job with
        {
            Method = EditMethod.Optimization,
            Recipe = TrainingWorld.Recipe with { Optimization = new OptimizationRecipe { Space = OptimizationSpace.StyleSpace } },
        };
        using StateDict stored = new(Generator.Styles(_latents).Select((style, layer) => KeyValuePair.Create($"style.{layer}", style + 1)));
        using IComparedEdit result = ComparedEdits.Open(job, stored, _world.Networks, Count);

        EvaluatedEdit measured = Measure(result);

        double expected = Math.Sqrt(Generator.Spec.StyleWidths.Sum());
        Assert.All(measured.Latents, numbers => Assert.Equal(expected, numbers.StyleDistance, 1e-3));
        Assert.All(measured.Latents, numbers => Assert.Null(numbers.WPlusDistance));
    }

    [Fact]
    public void A_result_of_another_generator_is_refused()
    {
        JobSpec job = _world.Job with { Method = EditMethod.Optimization, Recipe = TrainingWorld.Recipe with { Optimization = new OptimizationRecipe() } };
        using StateDict stored = new([KeyValuePair.Create("latents", zeros([Count, 3, 7]))]);

        WeightsException refused = Assert.Throws<WeightsException>(() => ComparedEdits.Open(job, stored, _world.Networks, Count));
        Assert.Contains("[3, 3, 7]", refused.Message, StringComparison.Ordinal);
    }

    private static bool RoundedPair((double Style, double? WPlus) expected, (double Style, double? WPlus) actual) =>
        Math.Abs(expected.Style - actual.Style) < 1e-3 && expected.WPlus == actual.WPlus;

    private EvaluatedEdit Measure(IComparedEdit edit) => _evaluator.Measure(edit, "a face with red hair", "a face", TestContext.Current.CancellationToken);
}
