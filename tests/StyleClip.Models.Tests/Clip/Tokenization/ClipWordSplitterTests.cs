using StyleClip.Models.Clip;

namespace StyleClip.Models.Tests.Clip.Tokenization;

public sealed class ClipWordSplitterTests
{
    [Theory]
    [InlineData("it's we've i'll don't", "it", "'s", "we", "'ve", "i", "'ll", "don", "'t")]
    [InlineData("abc123!?-x", "abc", "1", "2", "3", "!?-", "x")]
    [InlineData("!'s", "!'", "s")]
    [InlineData("<|startoftext|>a<|endoftext|>", "<|startoftext|>", "a", "<|endoftext|>")]
    [InlineData("a\u00A0b\u3000c", "a", "b", "c")]
    [InlineData("\U0001D400\U0001D7CE\U0001F600", "\U0001D400", "\U0001D7CE", "\U0001F600")]
    public void Words_numbers_signs_contractions_and_markers_part(string text, params string[] words) =>
        Assert.Equal(words, ClipWordSplitter.Split(text));

    [Fact]
    public void The_long_s_makes_contractions_and_markers_too() =>
        Assert.Equal(["'ſ", "t", "<|ſtartoftext|>"], ClipWordSplitter.Split("'ſt<|ſtartoftext|>"));

    [Fact]
    public void The_combining_iota_belongs_to_no_word() => Assert.Equal(["!", "!"], ClipWordSplitter.Split("!\u0345!"));
}
