using System.Globalization;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Losses;
using StyleClip.Models.Weights;
using StyleClip.Training.Directions;
using StyleClip.Training.Mapping;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Directions;

public sealed class PromptDirectionTests(TrainingWorld world) : IClassFixture<TrainingWorld>
{
    private static readonly DirectionTableSpec Table = new() { Samples = 40, Images = 2, Seed = 3, ImagesPerPass = 4 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_result_is_the_tables_direction_and_the_numbers_are_those_of_its_pictures()
    {
        set_num_threads(1);
        byte[] table = Measure();
        JobSpec job = Job(new() { Alpha = 1.5, Beta = 0.05, Table = Table });
        TrainingOutcome outcome = PromptDirection.Run(job, world.Networks, table, cancellationToken: Ct);

        using DisposeScope scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        using DirectionTableFile file = DirectionTableFile.Read(table, "the table");
        Tensor direction = TextDirection.Between(
            world.Networks.Clip, world.Networks.Tokenizer, job.Prompt, job.Neutral!, PromptTemplates.Known(world.Networks.Tokenizer, job.Prompt, job.Neutral!));
        using StyleDirection expected = file.Table.Find(direction, file.Statistics, 0.05);
        using StateDict result = Read(outcome.Mapper!);
        Assert.Equal(expected.Offsets.Length, result.Count);
        for (int layer = 0; layer < expected.Offsets.Length; layer++)
            Assert.Equal(expected.Offsets[layer].bytes.ToArray(), result[$"offsets.{layer}"].bytes.ToArray());
        Assert.Equal(("1.5", "0.05"), (result.Metadata["alpha"], result.Metadata["beta"]));
        Assert.Equal(expected.SurvivingChannels.ToString(CultureInfo.InvariantCulture), result.Metadata["channels"]);

        ClipLoss clip = world.Networks.ClipLoss(job.Recipe.Loss.ClipInput);
        Tensor wPlus = world.Networks.Generator.Repeat(world.Bank.Validation(0, job.Bank.Validation, CPU).Latents);
        Tensor[] styles = world.Networks.Generator.Styles(wPlus), moved = expected.Apply(styles, 1.5);
        Tensor text = clip.EmbedText(world.Networks.Tokenize(job.Prompt));
        Tensor edited = world.Networks.Generator.SynthesizeFromStyles(moved), source = world.Networks.Generator.Synthesize(wPlus);
        IdentityLoss identity = world.Networks.IdentityLoss()!;
        ValidationReport report = outcome.Best!;
        Assert.Equal((clip.EmbedImage(edited) * text).sum(1).mean().ToDouble(), report.EditedSimilarity, 1e-5);
        Assert.Equal((clip.EmbedImage(source) * text).sum(1).mean().ToDouble(), report.SourceSimilarity, 1e-5);
        Assert.Equal((identity.Features(edited) * identity.Features(source)).sum(1).mean().ToDouble(), report.IdentitySimilarity!.Value, 1e-5);
        Assert.Equal(1.5 * cat([.. expected.Offsets]).norm().ToDouble(), report.LatentShiftNorm, 1e-4);
        Assert.Equal((TrainingEnd.Finished, 1), (outcome.End, outcome.Step));
    }

    [Fact]
    public void Without_a_threshold_the_published_choice_is_made()
    {
        set_num_threads(1);
        TrainingOutcome outcome = PromptDirection.Run(Job(new() { AutoBetaChannels = 3, Table = Table }), world.Networks, Measure(), cancellationToken: Ct);
        using StateDict result = Read(outcome.Mapper!);
        double beta = double.Parse(result.Metadata["beta"], CultureInfo.InvariantCulture);
        int channels = int.Parse(result.Metadata["channels"], CultureInfo.InvariantCulture);
        Assert.InRange(beta, 0.1, 0.29);
        Assert.True(channels > 3 || beta == 0.1, $"{channels} channels reach {beta}");
    }

    [Fact]
    public void A_threshold_that_no_channel_reaches_is_refused_with_the_largest_relevance()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => PromptDirection.Run(Job(new() { Beta = 1, Table = Table }), world.Networks, Measure(), cancellationToken: Ct));
        Assert.Contains("changes nothing: no channel reaches beta 1; the largest relevance is 0.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_without_a_neutral_text_is_refused() => Assert.Throws<ArgumentException>(
        () => PromptDirection.Run(Job(new() { Table = Table }) with { Neutral = null }, world.Networks, Measure(), cancellationToken: Ct));

    private byte[] Measure()
    {
        using DirectionTableBuilder builder = new(world.Networks, Table);
        byte[] statistics = builder.MeasureStatistics(cancellationToken: Ct);
        return DirectionTableBuilder.Assemble(
            statistics, [.. builder.Ranges(1_000).Select(range => builder.MeasureRange(statistics, range, cancellationToken: Ct))], new Dictionary<string, string>());
    }

    private JobSpec Job(DirectionRecipe recipe) => world.Job with
    {
        Method = EditMethod.Direction,
        Recipe = (TrainingWorld.Recipe with { Direction = recipe }).For(EditMethod.Direction, budget: null),
    };

    private static StateDict Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return SafetensorsReader.Read(stream, "the result");
    }
}
