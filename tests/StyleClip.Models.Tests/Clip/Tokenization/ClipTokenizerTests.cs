using System.Text.Json;
using StyleClip.Models.Clip;
using StyleClip.Reference;

namespace StyleClip.Models.Tests.Clip.Tokenization;

public sealed class ClipTokenizerTests
{
    private static readonly ClipTokenizer Tokenizer = ClipTokenizer.Shared;

    private static readonly Lazy<JsonElement[]> Recorded = new(() =>
        [.. File.ReadLines(Path.Combine(GoldenData.RepositoryDirectory, "tokenizer.jsonl")).Select(line => JsonElement.Parse(line))]);

    [Fact]
    public void Every_recorded_text_has_its_recorded_ids()
    {
        Assert.Equal(1935, Recorded.Value.Length);
        foreach (JsonElement entry in Recorded.Value)
        {
            string text = entry.GetProperty("text").GetString()!;
            Assert.True(Ids(entry, "ids").SequenceEqual(Tokenizer.Encode(text).Select(id => (long)id)), $"Other ids than recorded: \"{text}\".");
        }
    }

    [Fact]
    public void Recorded_ids_decode_to_the_recorded_text() =>
        Assert.All(Recorded.Value, entry =>
            Assert.Equal(entry.GetProperty("decoded").GetString(), Tokenizer.Decode(Ids(entry, "ids").Select(id => (int)id))));

    [Fact]
    public void Recorded_texts_that_are_too_long_are_refused_and_can_be_truncated()
    {
        JsonElement[] tooLong = [.. Recorded.Value.Where(entry => entry.GetProperty("tokenize").GetString() == "too_long")];

        Assert.NotEmpty(tooLong);
        foreach (JsonElement entry in tooLong)
        {
            string text = entry.GetProperty("text").GetString()!;
            var error = Assert.Throws<TextTooLongException>(() => Tokenizer.Tokenize(text));
            Assert.Equal((text, Ids(entry, "ids").Length + 2, 77), (error.Text, error.TokenCount, error.Limit));
            Assert.Equal(Ids(entry, "truncated77"), Tokenizer.TokenizeTruncated(text));
        }
    }

    [Fact]
    public void Ids_stand_between_start_and_end_and_zeros_fill_the_rest()
    {
        long[] ids = Tokenizer.Tokenize("purple hair");

        Assert.Equal([49406, 5496, 2225, 49407, 0], ids[..5]);
        Assert.Equal(77, ids.Length);
        Assert.All(ids[5..], id => Assert.Equal(0, id));
        Assert.Equal(ids, Tokenizer.TokenizeTruncated("purple hair"));
    }

    [Fact]
    public void Seventy_five_ids_fit_and_one_more_does_not()
    {
        string fits = string.Join(' ', Enumerable.Repeat("hair", 75));

        Assert.Equal(49407, Tokenizer.Tokenize(fits)[76]);
        Assert.Throws<TextTooLongException>(() => Tokenizer.Tokenize(fits + " hair"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\u3000")]
    [InlineData("&#1;")]
    public void A_text_of_nothing_has_no_ids(string text) => Assert.Empty(Tokenizer.Encode(text));

    [Fact]
    public void Half_a_character_decodes_to_the_replacement_character() =>
        Assert.Equal("\uFFFD", Tokenizer.Decode([172]));

    [Fact]
    public void Many_threads_get_the_same_ids()
    {
        string[] texts = [.. Recorded.Value.Take(300).Select(entry => entry.GetProperty("text").GetString()!)];
        long[][] expected = [.. Recorded.Value.Take(300).Select(entry => Ids(entry, "ids"))];
        ClipTokenizer fresh = new();

        Parallel.For(0, 8 * texts.Length, i =>
            Assert.Equal(expected[i % texts.Length], fresh.Encode(texts[i % texts.Length]).Select(id => (long)id)));
    }

    private static long[] Ids(JsonElement entry, string name) => [.. entry.GetProperty(name).EnumerateArray().Select(id => id.GetInt64())];
}
