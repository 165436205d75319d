using System.Text;
using System.Text.RegularExpressions;

namespace StyleClip.Models.Clip;

/// <summary>Replacements of single characters that ftfy makes by default.</summary>
internal static partial class CharacterRepair
{
    // What U+FF5F to U+FFEE stand for in standard width, in order; a zero has no other form. U+FFE3 becomes two characters.
    private const string StandardWidths =
        "⦅⦆。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309A" +
        "\u1160\u1100\u1101\u11AA\u1102\u11AC\u11AD\u1103\u1104\u1105\u11B0\u11B1\u11B2\u11B3\u11B4\u11B5\u111A\u1106\u1107\u1108\u1121" +
        "\u1109\u110A\u110B\u110C\u110D\u110E\u110F\u1110\u1111\u1112\0\0\0\u1161\u1162\u1163\u1164\u1165\u1166\0\0" +
        "\u1167\u1168\u1169\u116A\u116B\u116C\0\0\u116D\u116E\u116F\u1170\u1171\u1172\0\0\u1173\u1174\u1175\0\0\0" +
        "¢£¬¯¦¥₩\0│←↑→↓■○";

    [GeneratedRegex("\u001B\\[((?:[\\d;]|[\uD800-\uDBFF][\uDC00-\uDFFF])*)[a-zA-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex TerminalEscape { get; }

    /// <summary>All of them, in ftfy's order.</summary>
    public static string Fix(string text)
    {
        text = Replace(text, Ligature);
        text = Replace(text, StandardWidth);
        text = Replace(text, StraightQuote);
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        text = Replace(text, LineFeed);
        text = ReplaceLoneSurrogates(text);
        text = TerminalEscape.Replace(text, RemoveTerminalEscape);
        return Replace(text, NothingForControl);
    }

    private static string? Ligature(char c) => c switch
    {
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'ŉ' => "ʼn",
        'Ǳ' => "DZ",
        'ǲ' => "Dz",
        'ǳ' => "dz",
        'Ǆ' => "DŽ",
        'ǅ' => "Dž",
        'ǆ' => "dž",
        'Ǉ' => "LJ",
        'ǈ' => "Lj",
        'ǉ' => "lj",
        'Ǌ' => "NJ",
        'ǋ' => "Nj",
        'ǌ' => "nj",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' => "ſt",
        'ﬆ' => "st",
        _ => null,
    };

    private static string? StandardWidth(char c)
    {
        if (c == '\u3000')
            return " ";
        if (c is >= '！' and <= '～')
            return ((char)(c - '！' + '!')).ToString();
        if (c == '\uFFE3')
            return " \u0304";
        int place = c - '\uFF5F';
        return place >= 0 && place < StandardWidths.Length && StandardWidths[place] != '\0' ? StandardWidths[place].ToString() : null;
    }

    private static string? StraightQuote(char c) => c switch
    {
        'ʼ' or (>= '\u2018' and <= '\u201B') => "'",
        >= '\u201C' and <= '\u201F' => "\"",
        _ => null,
    };

    private static string? LineFeed(char c) => c is '\r' or '\u2028' or '\u2029' or '\u0085' ? "\n" : null;

    // Controls without a visible effect; tabs, line breaks, joiners and direction marks stay.
    private static string? NothingForControl(char c) =>
        c is <= '\u0008' or '\u000B' or (>= '\u000E' and <= '\u001F') or '\u007F' or (>= '\u206A' and <= '\u206F') or '\uFEFF'
            or (>= '\uFFF9' and <= '\uFFFC') ? "" : null;

    private static string Replace(string text, Func<char, string?> replacement)
    {
        StringBuilder? replaced = null;
        for (int i = 0; i < text.Length; i++)
        {
            string? part = replacement(text[i]);
            if (part is not null)
                replaced ??= new StringBuilder(text, 0, i, text.Length);
            if (part is null)
                replaced?.Append(text[i]);
            else
                replaced!.Append(part);
        }
        return replaced?.ToString() ?? text;
    }

    // Any script's digits count, those beyond the basic plane too, which the pattern cannot tell from other characters there.
    private static string RemoveTerminalEscape(Match escape) =>
        escape.Groups[1].Value.EnumerateRunes().All(rune => rune.Value == ';' || Rune.IsDigit(rune)) ? "" : escape.Value;

    private static string ReplaceLoneSurrogates(string text)
    {
        StringBuilder replaced = new(text.Length);
        // Enumeration gives U+FFFD for a surrogate without its other half.
        foreach (Rune rune in text.EnumerateRunes())
            replaced.Append(rune);
        return replaced.ToString();
    }
}
