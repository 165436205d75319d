using StyleClip.Models.Clip;
using StyleClip.Models.Packs;
using StyleClip.Reference.Packs;
using StyleClip.Training.Directions;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Directions;

public sealed class TextDirectionTests
{
    private static readonly string[] Templates = ["{}", "a {}"];

    [Fact]
    public void A_direction_has_unit_length_and_turns_round_with_its_ends()
    {
        using DisposeScope scope = NewDisposeScope();
        using FrozenNetworks networks = RandomPack.Tiny();
        Tensor there = TextDirection.Between(networks.Clip, networks.Tokenizer, "face with red hair", "face", Templates);
        Tensor back = TextDirection.Between(networks.Clip, networks.Tokenizer, "face", "face with red hair", Templates);
        Assert.Equal(1, there.norm().ToDouble(), 1e-5);
        Golden.AssertClose(there, -back, 1e-5);
    }

    [Fact]
    public void Equal_texts_are_refused_by_name()
    {
        using FrozenNetworks networks = RandomPack.Tiny();
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => TextDirection.Between(networks.Clip, networks.Tokenizer, "face", "face", Templates));
        Assert.Contains("'face'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_vocabulary_takes_the_templates_that_it_knows_and_at_least_the_text_itself()
    {
        WordTokenizer rich = new(["a", "photo", "of", "the", "drawing", "face", "smiling"], contextLength: 12), poor = new(["face", "smiling"], contextLength: 12);
        Assert.Equal(["a drawing of a {}.", "a drawing of the {}.", "a photo of a {}.", "a photo of the {}."], PromptTemplates.Known(rich, "smiling face", "face"));
        Assert.Equal(["{}"], PromptTemplates.Known(poor, "smiling face", "face"));
        Assert.Equal(79, PromptTemplates.Known(ClipTokenizer.Shared, "smiling face", "face").Length);
        Assert.Throws<UnknownWordException>(() => PromptTemplates.Known(rich, "sad face", "face"));
    }

    [Fact]
    public void There_are_seventy_nine_templates_with_one_place_each()
    {
        Assert.Equal(79, PromptTemplates.All.Distinct().Count());
        Assert.All(PromptTemplates.All, template => Assert.Equal(2, template.Split("{}").Length));
        Assert.Contains("a photo of the hard to see smiling face.", PromptTemplates.Fill("smiling face"));
        Assert.DoesNotContain(PromptTemplates.All, template => template.Contains("many", StringComparison.Ordinal));
    }
}
