using StyleClip.Models.Clip;

namespace StyleClip.Models.Tests.Clip.Tokenization;

// Expected values come from Python 3.13's unicodedata.normalize("NFC", …).
public sealed class CanonicalCompositionTests
{
    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")] // ordered
    [InlineData("d\u0307\u0323", "\u1E0D\u0307")]
    [InlineData("a\u0315\u0300\u05AE\u0301b", "\u00E0\u05AE\u0301\u0315b")] // blocked by an equal class
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A7", "\uAC00\u11A7")]
    [InlineData("\u212B\u2126", "\u00C5\u03A9")] // singletons
    [InlineData("\u0958", "\u0915\u093C")] // excluded from composition
    [InlineData("\u1FBF\u0342\u0345", "\u1FCF\u0345")]
    [InlineData("\U00011099\U000110BA", "\U0001109A")]
    [InlineData("\u0CC6\u0CC2\u0CD5", "\u0CCB")]
    [InlineData("\u0301e", "\u0301e")]
    public void Text_is_decomposed_ordered_and_composed(string text, string expected) =>
        Assert.Equal(expected, CanonicalComposition.Normalize(text));
}
