using StyleClip.Models.Clip;

namespace StyleClip.Models.Tests.Clip.Tokenization;

// Expected values come from Python 3.13's html.unescape and from ftfy 6.3.1's unescape_html.
public sealed class HtmlEntitiesTests
{
    [Theory]
    [InlineData("&lt;b&gt;", "<b>")]
    [InlineData("&amp", "&")]
    [InlineData("this&not that", "this¬ that")]
    [InlineData("&notit;", "¬it;")]
    [InlineData("&notin;", "∉")]
    [InlineData("&nosuch;", "&nosuch;")]
    [InlineData("&NotEqualTilde;", "≂̸")]
    [InlineData("&#x1F600;&#128512", "😀😀")]
    [InlineData("&#x80;&#150", "€–")]
    [InlineData("&#0;&#xD800;&#x110000;&#99999999999999999999;", "\uFFFD\uFFFD\uFFFD\uFFFD")]
    [InlineData("a&#1;b&#xFFFE;c&#xFDD0;d", "abcd")]
    [InlineData("&#;&#x;&;&", "&#;&#x;&;&")]
    [InlineData("&amp;lt;", "&lt;")]
    public void Browsers_reading(string text, string expected) => Assert.Equal(expected, HtmlEntities.Unescape(text));

    [Theory]
    [InlineData("&amp", "&amp")]
    [InlineData("this&not that", "this&not that")]
    [InlineData("P&EACUTE;REZ &SZLIG; &NTILDE; &nTILDE;", "PÉREZ SS Ñ &nTILDE;")]
    [InlineData("&IMATH;", "I")]
    [InlineData("&#59; &#12ab; &#65;", "&#59; &#12ab; A")]
    [InlineData("&hellip;&Jscr;", "…𝒥")]
    public void Careful_reading(string text, string expected) => Assert.Equal(expected, HtmlEntities.UnescapeClosed(text));
}
