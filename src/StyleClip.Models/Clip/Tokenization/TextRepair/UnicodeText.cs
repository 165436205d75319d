using System.Globalization;
using System.Text;

namespace StyleClip.Models.Clip;

/// <summary>
/// Character classes and lower case as CLIP's reference environment has them (Python 3.13: Unicode 15.1). The runtime knows
/// Unicode 16, hence the list of what that version added.
/// </summary>
internal static class UnicodeText
{
    // First and last code points of the ranges that Unicode 16 assigned.
    private static readonly int[] NewInUnicode16 =
    [
        0x897, 0x897, 0x1B4E, 0x1B4F, 0x1B7F, 0x1B7F, 0x1C89, 0x1C8A, 0x2427, 0x2429, 0x31E4, 0x31E5, 0xA7CB, 0xA7CD, 0xA7DA, 0xA7DC,
        0x105C0, 0x105F3, 0x10D40, 0x10D65, 0x10D69, 0x10D85, 0x10D8E, 0x10D8F, 0x10EC2, 0x10EC4, 0x10EFC, 0x10EFC, 0x11380, 0x11389,
        0x1138B, 0x1138B, 0x1138E, 0x1138E, 0x11390, 0x113B5, 0x113B7, 0x113C0, 0x113C2, 0x113C2, 0x113C5, 0x113C5, 0x113C7, 0x113CA,
        0x113CC, 0x113D5, 0x113D7, 0x113D8, 0x113E1, 0x113E2, 0x116D0, 0x116E3, 0x11BC0, 0x11BE1, 0x11BF0, 0x11BF9, 0x11F5A, 0x11F5A,
        0x13460, 0x143FA, 0x16100, 0x16139, 0x16D40, 0x16D79, 0x18CFF, 0x18CFF, 0x1CC00, 0x1CCF9, 0x1CD00, 0x1CEB3, 0x1E5D0, 0x1E5FA,
        0x1E5FF, 0x1E5FF, 0x1F8B2, 0x1F8BB, 0x1F8C0, 0x1F8C1, 0x1FA89, 0x1FA89, 0x1FA8F, 0x1FA8F, 0x1FABE, 0x1FABE, 0x1FAC6, 0x1FAC6,
        0x1FADC, 0x1FADC, 0x1FADF, 0x1FADF, 0x1FAE9, 0x1FAE9, 0x1FBCB, 0x1FBEF,
    ];

    /// <summary>Whether Python's <c>str.isspace</c> holds: white space and the four information separators.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1C' and <= '\x1F';

    /// <summary>The text without leading and trailing <see cref="IsSpace"/> characters.</summary>
    public static string Strip(string text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && IsSpace(text[start]))
            start++;
        while (end > start && IsSpace(text[end - 1]))
            end--;
        return text[start..end];
    }

    /// <summary>Whether the character is a letter, a number or the underscore.</summary>
    public static bool IsWordCharacter(Rune rune) =>
        rune.Value == '_' || (!IsNewInUnicode16(rune) && (IsLetter(rune) || IsNumber(rune)));

    /// <summary>Whether the general category is a letter (Unicode 16).</summary>
    public static bool IsLetter(Rune rune) => Rune.GetUnicodeCategory(rune) <= UnicodeCategory.OtherLetter;

    /// <summary>Whether the general category is a number (Unicode 16).</summary>
    public static bool IsNumber(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>Lower case with Unicode's special cases: dotted capital I, and sigma at the end of a word.</summary>
    public static string ToLower(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        Rune[] runes = [.. text.EnumerateRunes()];
        StringBuilder lower = new(text.Length);
        for (int i = 0; i < runes.Length; i++)
        {
            if (runes[i].Value == 'İ')
                lower.Append("i\u0307");
            else if (runes[i].Value == 'Σ')
                lower.Append(IsFinalSigma(runes, i) ? 'ς' : 'σ');
            else
                lower.Append(IsNewInUnicode16(runes[i]) ? runes[i] : Rune.ToLowerInvariant(runes[i]));
        }
        return lower.ToString();
    }

    // A cased letter before it and none after it, ignoring marks and the like on both sides.
    private static bool IsFinalSigma(Rune[] runes, int index)
    {
        int before = index - 1;
        while (before >= 0 && IsCaseIgnorable(runes[before]))
            before--;
        if (before < 0 || !IsCased(runes[before]))
            return false;
        int after = index + 1;
        while (after < runes.Length && IsCaseIgnorable(runes[after]))
            after++;
        return after == runes.Length || !IsCased(runes[after]);
    }

    private static bool IsCased(Rune rune)
    {
        if (rune.Value is 0xAA or 0xBA or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9)
            or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189))
            return true;
        return Rune.GetUnicodeCategory(rune) <= UnicodeCategory.TitlecaseLetter && !IsNewInUnicode16(rune);
    }

    private static bool IsCaseIgnorable(Rune rune)
    {
        // Punctuation inside words, and AHOM medial RA, which was a nonspacing mark until Unicode 16.
        if (rune.Value is '\'' or '.' or ':' or '·' or 0x387 or 0x55F or 0x5F4 or '‘' or '’' or 0x2024 or 0x2027
            or 0xFE13 or 0xFE52 or 0xFE55 or 0xFF07 or 0xFF0E or 0xFF1A or 0x1171E)
            return true;
        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol && !IsNewInUnicode16(rune);
    }

    private static bool IsNewInUnicode16(Rune rune)
    {
        if (rune.Value < NewInUnicode16[0])
            return false;
        int place = Array.BinarySearch(NewInUnicode16, rune.Value);
        // An insertion point at an odd index lies between a range's first and last code point.
        return place >= 0 || (~place & 1) == 1;
    }
}
