using StyleClip.Models.Clip;

namespace StyleClip.Models.Tests.Clip.Tokenization;

public sealed class WordTokenizerTests
{
    private static readonly WordTokenizer Tokenizer = new(["a", "face", "with", "purple", "hair", "smile"], contextLength: 8);

    [Fact]
    public void Words_keep_their_order_between_start_and_end_and_zeros_fill_the_rest() =>
        Assert.Equal([7, 1, 2, 3, 4, 5, 8, 0], Tokenizer.Tokenize("a face with purple hair"));

    [Fact]
    public void Case_whitespace_and_punctuation_change_nothing() =>
        Assert.Equal(Tokenizer.Tokenize("purple hair smile"), Tokenizer.Tokenize("  Purple-HAIR,\n(smile)! "));

    [Fact]
    public void An_empty_text_is_start_and_end() => Assert.Equal([7, 8, 0, 0, 0, 0, 0, 0], Tokenizer.Tokenize(" \t"));

    [Fact]
    public void The_end_has_the_largest_id()
    {
        Assert.Equal(Tokenizer.VocabularySize - 1, Tokenizer.EndId);
        Assert.Equal(Tokenizer.EndId, Tokenizer.Tokenize("smile").Max());
    }

    [Fact]
    public void Unknown_words_are_named_with_near_words_and_the_whole_vocabulary()
    {
        var error = Assert.Throws<UnknownWordException>(() => Tokenizer.Tokenize("a green face with purpel hair, green"));

        Assert.Equal(["green", "purpel"], error.Words);
        Assert.Contains("'green', 'purpel' (did you mean 'purple'?)", error.Message, StringComparison.Ordinal);
        Assert.Contains("a, face, with, purple, hair, smile", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_exactly_the_context_length_fits_and_one_word_more_does_not()
    {
        Assert.Equal([7, 1, 1, 1, 1, 1, 1, 8], Tokenizer.Tokenize("a a a a a a"));

        var error = Assert.Throws<TextTooLongException>(() => Tokenizer.Tokenize("a a a a a a a"));

        Assert.Equal((9, 8), (error.TokenCount, error.Limit));
        Assert.Contains("\"a a a a a a a\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Face")]
    [InlineData("two words")]
    [InlineData("")]
    [InlineData("a-b")]
    public void A_vocabulary_refuses_what_no_text_could_contain(string word) =>
        Assert.Throws<ArgumentException>(() => new WordTokenizer([word], contextLength: 8));

    [Fact]
    public void A_vocabulary_refuses_a_repeated_word() =>
        Assert.Throws<ArgumentException>(() => new WordTokenizer(["hair", "face", "hair"], contextLength: 8));
}
