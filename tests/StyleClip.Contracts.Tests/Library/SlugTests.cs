using System.Text;
using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Tests.Library;

public sealed class SlugTests
{
    [Theory]
    [InlineData("a face with a mohawk", "a-face-with-a-mohawk-")]
    [InlineData("  Café — CRÈME!!  ", "cafe-creme-")]
    [InlineData("../../etc/passwd", "etc-passwd-")]
    [InlineData("<script>alert(1)</script>", "script-alert-1-script-")]
    public void The_words_come_first_and_the_hash_last(string text, string words)
    {
        string slug = Slug.Of(text);
        Assert.Equal(words + Digest.Of(Encoding.UTF8.GetBytes(text)).Hex[..8], slug);
    }

    [Theory]
    [InlineData("笑顔")]
    [InlineData("!!!")]
    [InlineData("")]
    [InlineData("con")]
    [InlineData("a very long prompt that goes on and on about a face with red hair and glasses and a beard")]
    public void A_slug_is_always_safe_as_a_name(string text)
    {
        string slug = Slug.Of(text);
        Assert.Matches("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", slug);
        Assert.InRange(slug.Length, 8, 57);
    }

    [Fact]
    public void Texts_whose_words_look_alike_differ() =>
        Assert.Equal(3, new[] { "red hair", "Red hair", "red-hair" }.Select(Slug.Of).Distinct().Count());

    [Fact]
    public void The_slug_of_a_text_never_changes() => Assert.Equal("a-smiling-face-d1a488a1", Slug.Of("a smiling face"));
}
