using StyleClip.Contracts.Packs;

namespace StyleClip.Contracts.Tests.Packs;

public sealed class PackAttributesTests
{
    private static readonly PackAttributes Attributes = new()
    {
        InputSize = 8,
        EmbeddingDim = 4,
        Stages = [new(2, 2, 1)],
        Values = 3,
        List =
        [
            new() { Name = "glasses", Prompts = ["glasses", "spectacles"], Index = 0, Threshold = 0.5f },
            new() { Name = "no glasses", Prompts = ["without glasses"], Index = 0, Threshold = 0.25f, Below = true },
            new() { Name = "red hair", Prompts = ["red"], Index = 1, Threshold = 0.5f },
            new() { Name = "unnamed", Prompts = [], Index = 2, Threshold = 0.5f },
        ],
    };

    [Theory]
    [InlineData("glasses", "glasses")]
    [InlineData("A face with GLASSES, red hair", "glasses, red hair")]
    [InlineData("a face without glasses", "no glasses")]
    [InlineData("spectacles without glasses", "glasses, no glasses")]
    [InlineData("a bored face", "")]
    [InlineData("", "")]
    public void A_prompt_asks_for_attributes_by_whole_words_the_longest_text_first(string prompt, string names) =>
        Assert.Equal(names, string.Join(", ", Attributes.AskedBy(prompt).Select(attribute => attribute.Name)));

    [Theory]
    [InlineData(false, 0.6f, true)]
    [InlineData(false, 0.4f, false)]
    [InlineData(true, 0.4f, true)]
    [InlineData(true, 0.6f, false)]
    [InlineData(false, 0.5f, false)]
    [InlineData(true, 0.5f, false)]
    public void An_attribute_lies_on_one_side_of_its_threshold(bool below, float value, bool holds) =>
        Assert.Equal(holds, new PackAttribute { Name = "any", Prompts = [], Index = 0, Threshold = 0.5f, Below = below }.Holds(value));
}
