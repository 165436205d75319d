using StyleClip.Contracts.Packs;
using StyleClip.Training.Comparison;

namespace StyleClip.Training.Tests.Comparison;

public sealed class AttributeTruthTests
{
    private static readonly PackAttributes Section = new()
    {
        InputSize = 32,
        EmbeddingDim = 8,
        Stages = [new(8, 8, 1)],
        Values = 4,
        List =
        [
            new() { Name = "mohawk", Prompts = ["mohawk"], Index = 0, Threshold = 0.5f, Group = "hair style" },
            new() { Name = "bald", Prompts = ["bald"], Index = 1, Threshold = 0.5f, Group = "hair style" },
            new() { Name = "glasses", Prompts = ["glasses"], Index = 2, Threshold = 0.5f },
            new() { Name = "no wrinkles", Prompts = ["without wrinkles"], Index = 3, Threshold = 0.25f, Below = true },
        ],
    };

    [Fact]
    public void Everything_that_the_prompt_asks_for_must_be_there()
    {
        AttributeTruth truth = AttributeTruth.Of(Section, "a mohawk without wrinkles")!;
        Assert.Equal((1.0, 0.0, 0.0), (truth.Shows([1, 0, 0, 0]), truth.Shows([1, 0, 0, 0.3f]), truth.Shows([0, 0, 0, 0])));
    }

    [Fact]
    public void What_the_prompt_excludes_is_not_a_side_effect()
    {
        AttributeTruth truth = AttributeTruth.Of(Section, "a face with a mohawk")!;
        Assert.Equal(0, truth.OthersChanged([0, 1, 0, 1], [1, 0, 0, 1]));
        Assert.Equal(0.5, truth.OthersChanged([0, 1, 0, 1], [1, 0, 1, 1]));
    }

    [Fact]
    public void A_prompt_for_something_else_has_no_truth() => Assert.Null(AttributeTruth.Of(Section, "a purple face"));
}
