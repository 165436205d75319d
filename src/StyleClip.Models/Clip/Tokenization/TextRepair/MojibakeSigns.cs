using System.Text;
using System.Text.RegularExpressions;

namespace StyleClip.Models.Clip;

/// <summary>
/// Recognises text that was decoded with the wrong encoding, by neighbours that do not occur in real text, and finds the parts of
/// it that look like UTF-8. The character groups and the pairs are those of ftfy 6.3.1's "badness" heuristic.
/// </summary>
internal static class MojibakeSigns
{
    // Members of character classes, hence the ranges.
    private const string Common = "\u00A0\u00AD·´–—―…’";
    private const string C1 = "\u0080-\u009F";
    private const string Bad = "¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\uFFFDªº";
    private const string Law = "¶§";
    private const string Currency = "¢£¥₧€";
    private const string Opening = "¡«¿©΄΅‘‚“„•‹\uF8FF";
    private const string Closing = "®»˝”›™";
    private const string Numeric = "²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№";
    private const string Faces = "Ò-ÖÙ-Üò-öø-üŐŌŪŲ°";
    private const string UpperAccented = "À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ";
    private const string LowerAccented = "ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ";
    private const string Accented = LowerAccented + UpperAccented;
    private const string Unaccented = "ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я" + LowerUnaccented;
    private const string LowerUnaccented = "α-ωάέήίΰа-џ";
    private const string Box = "│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓";
    private const string Space = "\\t-\\r\\x1C-\\x20\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000";
    private const string ArabicSecond = Common + Currency + Bad + Numeric + Opening + "ŸŠ®°µ»";
    private const string AnyCharacter = "(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|.)";

    private static readonly Regex Pairs = new(string.Join('|',
        $"[{C1}]",
        $"[{Bad}{Accented}{Box}{Opening}{Closing}{Currency}{Numeric}{Law}][{Bad}]",
        $"[a-zA-Z][{Unaccented}][{Bad}]",
        $"[{Bad}][{Accented}{Box}{Opening}{Closing}{Currency}{Numeric}{Law}]",
        $"[{LowerAccented}{LowerUnaccented}{Box}{Closing}{Currency}{Numeric}][{UpperAccented}]",
        $"[{Box}{Closing}{Currency}{Numeric}][{LowerAccented}]",
        $"[{LowerAccented}{Box}{Closing}][{Currency}]",
        $"[{Space}][{UpperAccented}][{Currency}]",
        $"[{UpperAccented}{Box}][{Numeric}{Law}]",
        $"[{Accented}{Box}{Currency}{Closing}][{Opening}][{Numeric}]",
        $"[{Accented}{Currency}{Numeric}{Box}{Law}][{Closing}][{Opening}]",
        $"[{Currency}{Numeric}{Box}][{Opening}]",
        $"[a-z][{UpperAccented}][{Opening}{Currency}]",
        $"[{Box}][{Faces}]",
        $"[{Accented}{Currency}{Numeric}{Opening}{Closing}{Law}][{Box}]",
        $"[{Box}][{Closing}]",
        "[Œœ][^A-Za-z]",
        $"[{UpperAccented}]°",
        // Windows-1252: what other rules miss of two bytes, then Arabic (four characters wanted, being common), then South Asian.
        $"[ÂÃÎÐ][€œŠš¢£Ÿž\u00A0\u00AD®©°·»{Opening}{Closing}–—´]",
        "×[²³]",
        $"[ØÙ][{ArabicSecond}][ØÙ][{ArabicSecond}]",
        "à[²µ¹¼½¾]",
        // MacRoman.
        "√[±∂†≠®™´≤≥¥µø]",
        "≈[°¢]",
        "‚Ä[ìîïòôúùû†°¢π]",
        "‚[âó][àä°ê]",
        // Windows-1251: punctuation, Latin-1 or Cyrillic, and a double mistake beside a Latin letter.
        "вЂ",
        $"[ВГРС][{C1}{Bad}{Opening}{Closing}{Currency}°µ][ВГРС]",
        $"ГўВЂВ{AnyCharacter}[A-Za-z ]",
        // Windows-1252: "à", "á", a no-break space, and a character after its own first byte.
        "Ã[\u00A0¡]",
        $"[a-z][{Space}]?[ÃÂ] ",
        "^[ÃÂ] ",
        $"[a-z.,?!{Closing}]Â[ {Opening}{Closing}]",
        // Windows-1253 and Windows-1257.
        "β€[™\u00A0Ά\u00AD®°]",
        $"[ΒΓΞΟ][{C1}{Bad}{Opening}{Closing}{Currency}°][ΒΓΞΟ]",
        "ā€"),
        RegexOptions.CultureInvariant);

    private static readonly Regex PunctuationAfterAccent = new($"[{Accented}][{Opening}{Closing}]", RegexOptions.CultureInvariant);

    private static readonly Regex Utf8 = BuildUtf8();

    /// <summary>Whether the text looks misread.</summary>
    public static bool AreIn(string text) =>
        Pairs.IsMatch(text) || PunctuationAfterAccent.EnumerateMatches(text).Any(text, IsFollowedByWord);

    /// <summary>Replaces each stretch that looks like misread UTF-8.</summary>
    public static string ReplaceUtf8(string text, Func<string, string> replace) => Utf8.Replace(text, stretch => replace(stretch.Value));

    private static bool IsFollowedByWord(string text, int end) =>
        Rune.TryGetRuneAt(text, end, out Rune next) && UnicodeText.IsWordCharacter(next);

    private static bool Any(this Regex.ValueMatchEnumerator matches, string text, Func<string, int, bool> predicate)
    {
        foreach (ValueMatch match in matches)
        {
            int end = match.Index + match.Length;
            if (end < text.Length && predicate(text, end))
                return true;
        }
        return false;
    }

    private static Regex BuildUtf8()
    {
        // Of the four-byte leads only F0 and F3 reach assigned characters. A space may have been A0. Before a stretch no character
        // may stand that could continue a sequence, or repairing the stretch would tear a longer garble apart; punctuation that also
        // stands for itself is allowed there.
        string continuation = Characters(0x80, 0xBF);
        string strict = string.Concat(continuation.Except("–—―‘’‚“”„•…"));
        string two = $"[{Characters(0xC2, 0xDF)}][{continuation} ]";
        string three = $"[{Characters(0xE0, 0xEF)}][{continuation} ]{{2}}";
        string four = $"[{Characters(0xF0, 0xF0)}{Characters(0xF3, 0xF3)}][{continuation} ]{{3}}";
        return new Regex($"(?<![{strict}])(?:{two}|{three}|{four})+", RegexOptions.CultureInvariant);
    }

    private static string Characters(int firstByte, int lastByte) => string.Concat(CodePage.LikeLatin1
        .SelectMany(page => page.UpperHalf[(firstByte - 0x80)..(lastByte - 0x80 + 1)])
        .Distinct());
}
