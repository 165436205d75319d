using StyleClip.Models.Clip;

namespace StyleClip.Models.Tests.Clip.Tokenization;

// Expected values come from Python 3.13.
public sealed class UnicodeTextTests
{
    [Theory]
    [InlineData("ΣΑΣ Σ", "σας σ")]
    [InlineData("ΑΣ'Α ΑΣ. Α\u0301Σ", "ασ'α ας. α\u0301ς")]
    [InlineData("AΣ1 1Σ ªΣ ʰΣ", "aς1 1σ ªς ʰσ")]
    [InlineData("İI", "i\u0307i")]
    [InlineData("\U00010400 ẞ K Å", "\U00010428 ß k å")]
    [InlineData("\U00010D50\u1C89", "\U00010D50\u1C89")] // letters of Unicode 16
    public void Lower_case_knows_the_special_cases(string text, string lower) => Assert.Equal(lower, UnicodeText.ToLower(text));

    [Fact]
    public void Information_separators_are_stripped_with_white_space() => Assert.Equal("a b", UnicodeText.Strip("\u001C\u3000a b\u0085\u001F"));
}
