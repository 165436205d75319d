using StyleClip.DemoWorld.Captions;
using StyleClip.DemoWorld.Measuring;
using StyleClip.DemoWorld.Stages;
using StyleClip.DemoWorld.World;
using StyleClip.Models.Clip;

namespace StyleClip.DemoWorld.Tests.Captions;

public sealed class CaptionGrammarTests
{
    private static readonly WordTokenizer Tokenizer = ClipStage.Tokenizer();
    private static readonly FaceWorld World = new(seed: 1, size: 64);

    [Fact]
    public void Every_caption_is_in_the_vocabulary_and_true()
    {
        foreach ((Face face, Caption caption) in Captions(2000))
        {
            Assert.Equal(CaptionGrammar.ContextLength, Tokenizer.Tokenize(caption.Text).Length);
            Assert.True(caption.Truth(face) >= 0.2f, caption.Text);
        }
    }

    [Fact]
    public void Every_word_of_the_vocabulary_is_taught()
    {
        HashSet<string> taught = [.. Captions(6000).SelectMany(pair => WordTokenizer.Split(pair.Caption.Text))];

        Assert.Empty(CaptionGrammar.Words.Except(taught));
    }

    [Fact]
    public void Prompts_of_the_quality_check_are_taught_word_for_word()
    {
        HashSet<string> taught = [.. Captions(6000).Select(pair => pair.Caption.Text)];

        Assert.Empty(EditPrompt.All.Select(prompt => prompt.Text).Except(taught));
    }

    [Fact]
    public void A_word_outside_the_vocabulary_is_refused_with_the_vocabulary()
    {
        UnknownWordException refusal = Assert.Throws<UnknownWordException>(() => Tokenizer.Tokenize("a face with a tattoo"));

        Assert.Equal(["tattoo"], refusal.Words);
        Assert.Contains("mohawk", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_and_its_negation_add_up_to_the_truth()
    {
        foreach ((Face face, _) in Captions(50))
            Assert.Equal(1f, Atom.Glasses.Truth(face) + Atom.NoGlasses.Truth(face), 1e-6f);
    }

    private static IEnumerable<(Face Face, Caption Caption)> Captions(int count)
    {
        var random = new SeededRandom(seed: 9);
        for (int i = 0; i < count; i++)
        {
            Face face = World.FaceOf(Population.HeldOut, i);
            yield return (face, CaptionGrammar.Describe(face, random));
        }
    }
}
