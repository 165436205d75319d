using System.Text;
using System.Text.RegularExpressions;

namespace StyleClip.Models.Clip;

/// <summary>Rules about bytes that should be UTF-8 and are slightly damaged. Bytes are characters U+0000 to U+00FF.</summary>
internal static partial class MisreadUtf8
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Lead bytes whose sequence gains a likely character when the space in it is read as byte A0.
    [GeneratedRegex(
        "[\xC2\xC3\xC5\xCE\xD0\xD9] " +
        "|[\xE2\xE3] [\x80-\x84\x86-\x9F\xA1-\xBF]" +
        "|[\xE0-\xE3][\x80-\x84\x86-\x9F\xA1-\xBF] " +
        "|\xF0 [\x80-\xBF][\x80-\xBF]" +
        "|\xF0[\x80-\xBF] [\x80-\xBF]" +
        "|\xF0[\x80-\xBF][\x80-\xBF] ",
        RegexOptions.CultureInvariant)]
    private static partial Regex SpaceForA0 { get; }

    // A lone misread "à" is a word of its own ("à la"), except in these Portuguese words, which continue without a space.
    [GeneratedRegex("\xC3 (?! |quele|quela|quilo|s )", RegexOptions.CultureInvariant)]
    private static partial Regex GraveWord { get; }

    // Sequences with a lost byte (1A); a question mark may stand for at most one of them.
    [GeneratedRegex(
        "[\xC2-\xDF]\x1A" +
        "|[\xC2\xC3]\\?" +
        "|\xED[\xA0-\xAF][\x1A?]\xED[\xB0-\xBF][\x1A?\x80-\xBF]" +
        "|\xED[\xA0-\xAF][\x1A?\x80-\xBF]\xED[\xB0-\xBF][\x1A?]" +
        "|[\xE0-\xEF][\x1A?][\x1A\x80-\xBF]" +
        "|[\xE0-\xEF][\x1A\x80-\xBF][\x1A?]" +
        "|[\xF0-\xF4][\x1A?][\x1A\x80-\xBF][\x1A\x80-\xBF]" +
        "|[\xF0-\xF4][\x1A\x80-\xBF][\x1A?][\x1A\x80-\xBF]" +
        "|[\xF0-\xF4][\x1A\x80-\xBF][\x1A\x80-\xBF][\x1A?]" +
        "|\x1A",
        RegexOptions.CultureInvariant)]
    private static partial Regex LossySequence { get; }

    // Six-byte pairs of surrogates (CESU-8), and the two-byte null of Java. The reference also takes C0 with a final line feed for
    // such a null, because its pattern's end matches before that line feed.
    [GeneratedRegex("\xED([\xA0-\xAF])([\x80-\xBF])\xED([\xB0-\xBF])([\x80-\xBF])|\xC0(\x80|\n\\z)", RegexOptions.CultureInvariant)]
    private static partial Regex VariantSequence { get; }

    /// <summary>Puts byte A0 back where it became a space inside a sequence.</summary>
    public static string RestoreByteA0(string bytes)
    {
        if (!SpaceForA0.IsMatch(bytes))
            return bytes;
        return SpaceForA0.Replace(GraveWord.Replace(bytes, "\xC3\xA0 "), sequence => sequence.Value.Replace(' ', '\xA0'));
    }

    /// <summary>Replaces each sequence with lost bytes by the UTF-8 bytes of U+FFFD.</summary>
    public static string ReplaceLossySequences(string bytes) => LossySequence.Replace(bytes, "\xEF\xBF\xBD");

    /// <summary>The text of UTF-8 bytes, surrogate pairs and Java nulls allowed; null where they are not UTF-8.</summary>
    public static string? Decode(string bytes)
    {
        if (bytes.AsSpan().IndexOfAny('\xED', '\xC0') >= 0)
            bytes = VariantSequence.Replace(bytes, ToStandardUtf8);
        try
        {
            return Strict.GetString(Encoding.Latin1.GetBytes(bytes));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string ToStandardUtf8(Match sequence)
    {
        if (sequence.Value[0] == '\xC0')
            return "\0";
        int Bits(int group, int mask) => sequence.Groups[group].Value[0] & mask;
        int code = 0x10000 + (Bits(1, 0x0F) << 16) + (Bits(2, 0x3F) << 10) + (Bits(3, 0x0F) << 6) + Bits(4, 0x3F);
        return Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(char.ConvertFromUtf32(code)));
    }
}
