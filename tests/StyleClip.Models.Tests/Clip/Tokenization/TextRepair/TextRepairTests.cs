using StyleClip.Models.Clip;

namespace StyleClip.Models.Tests.Clip.Tokenization;

// Expected values come from ftfy 6.3.1 under Python 3.13.
public sealed class TextRepairTests
{
    [Theory]
    [InlineData("sÃ³", "só")]
    [InlineData("âœ” No problems", "✔ No problems")]
    [InlineData("ÃƒÂ©", "é")] // twice misread
    [InlineData("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет")]
    [InlineData("РїСЂРёРІРµС‚", "привет")] // Windows-1251
    [InlineData("вЂњquotedвЂќ", "\"quoted\"")]
    [InlineData("Ä‡ zaÅ¼Ã³Å‚Ä‡", "ć zażółć")]
    [InlineData("ā€™", "'")] // Windows-1257
    [InlineData("â€œ like this â€�", "\" like this �")] // a byte was lost
    [InlineData("voilÃ le travail", "voilà le travail")] // byte A0 became a space
    [InlineData("Ã la mode", "à la mode")]
    [InlineData("Ã quele", "àquele")]
    [InlineData("ü and â€“ and ž", "ü and – and ž")] // only a part of the line
    [InlineData("í ½í¸€ Ã©", "í ½í¸€ é")]
    [InlineData("\u00ED\u00A0\u00BD\u00ED\u00B8\u0080", "😀")] // surrogate pair written as UTF-8
    [InlineData("naïve façade", "naïve façade")]
    [InlineData("( ͡° ͜ʖ ͡°)", "( ͡° ͜ʖ ͡°)")]
    public void Text_read_with_the_wrong_encoding_is_read_again(string text, string expected) => Assert.Equal(expected, TextRepair.Fix(text));

    [Fact]
    public void A_java_null_may_end_in_the_line_feed_as_in_the_reference() => Assert.Equal("é", TextRepair.Fix("Ã©À\n"));

    [Theory]
    [InlineData("ﬂuﬃeﬆ ĳ", "fluffiest ij")]
    [InlineData("ＬＯＵＤ　ＮＯＩＳＥＳ", "LOUD NOISES")]
    [InlineData("ﾊﾟﾝ", "パン")]
    [InlineData("ￃￋ￨￮", "\u1162\u1168│○")]
    [InlineData("“it’s”", "\"it's\"")]
    [InlineData("a\r\nb\rc\u2028d", "a\nb\nc\nd")]
    [InlineData("\u001B[36;44mblue\u001B[0m", "blue")]
    [InlineData("a\u0000\u0008\u007F\uFEFF\u206Ab", "ab")]
    [InlineData("e\u0301", "é")]
    [InlineData("\u0092s", "'s")]
    public void Single_characters_get_their_plain_form(string text, string expected) => Assert.Equal(expected, TextRepair.Fix(text));

    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character() =>
        Assert.Equal("\uFFFD😀\uFFFD", TextRepair.Fix("\uDE00" + "😀" + "\uD83D"));

    [Fact]
    public void References_are_resolved_up_to_the_first_line_with_a_less_than_sign() =>
        Assert.Equal("a & b\n<i> &amp;\n&amp;", TextRepair.Fix("a &amp; b\n<i> &amp;\n&amp;"));
}
