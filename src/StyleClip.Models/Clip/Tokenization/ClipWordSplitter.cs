using System.Text;

namespace StyleClip.Models.Clip;

/// <summary>
/// Splits cleaned, lower-case text into the words that are encoded one by one: start and end markers, English contractions, runs of
/// letters, single numbers, runs of anything else. White space only separates. Comparison with the markers and contractions
/// ignores case, so that the long s counts as s.
/// </summary>
internal static class ClipWordSplitter
{
    private static readonly string[] Fixed = [ClipVocabulary.Start, ClipVocabulary.End, "'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    // The reference's pattern ignores case, and the capital of this mark is the letter iota: neither class takes it.
    private const int CombiningIotaSubscript = 0x345;

    private enum Kind { Skipped, Letter, Number, Other }

    public static IEnumerable<string> Split(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int length = FixedLength(text, start);
            Kind kind = KindAt(text, start, out int runeLength);
            if (length == 0)
                length = kind is Kind.Letter or Kind.Other ? RunLength(text, start, kind) : runeLength;
            else
                kind = Kind.Other;
            if (kind != Kind.Skipped)
                yield return text.Substring(start, length);
            start += length;
        }
    }

    private static int FixedLength(string text, int start)
    {
        if (text[start] is not ('<' or '\''))
            return 0;
        return Fixed.FirstOrDefault(word => IsAt(text, start, word))?.Length ?? 0;
    }

    private static bool IsAt(string text, int start, string word)
    {
        if (text.Length - start < word.Length)
            return false;
        for (int i = 0; i < word.Length; i++)
        {
            char c = text[start + i];
            if ((c == 'ſ' ? 's' : char.ToLowerInvariant(c)) != word[i])
                return false;
        }
        return true;
    }

    private static int RunLength(string text, int start, Kind kind)
    {
        int end = start;
        while (end < text.Length && KindAt(text, end, out int length) == kind)
            end += length;
        return end - start;
    }

    private static Kind KindAt(string text, int index, out int length)
    {
        Rune.DecodeFromUtf16(text.AsSpan(index), out Rune rune, out length);
        if (Rune.IsWhiteSpace(rune) || rune.Value == CombiningIotaSubscript)
            return Kind.Skipped;
        if (UnicodeText.IsLetter(rune))
            return Kind.Letter;
        return UnicodeText.IsNumber(rune) ? Kind.Number : Kind.Other;
    }
}
