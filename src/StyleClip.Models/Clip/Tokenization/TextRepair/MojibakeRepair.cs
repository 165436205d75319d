using System.Text.RegularExpressions;

namespace StyleClip.Models.Clip;

/// <summary>Undoes decoding with the wrong encoding, by ftfy 6.3.1's order of attempts.</summary>
internal static partial class MojibakeRepair
{
    [GeneratedRegex("[\u0080-\u009F]", RegexOptions.CultureInvariant)]
    private static partial Regex C1Control { get; }

    /// <summary>Repairs until nothing changes: text may have been misread more than once.</summary>
    public static string Fix(string text)
    {
        while (true)
        {
            string repaired = FixOnce(text);
            if (repaired == text)
                return text;
            text = repaired;
        }
    }

    /// <summary>Reads leftover C1 control characters as Windows-1252, as browsers do.</summary>
    public static string FixC1Controls(string text) =>
        C1Control.Replace(text, control => CodePage.Windows1252.UpperHalf[control.Value[0] - 0x80].ToString());

    private static string FixOnce(string text)
    {
        if (System.Text.Ascii.IsValid(text) || !MojibakeSigns.AreIn(text))
            return text;
        foreach (CodePage page in CodePage.InOrderOfTrial)
        {
            if (ReadAsUtf8(text, page) is { } repaired)
                return repaired;
        }

        // A part of the text may come from another encoding than the rest.
        string partly = MojibakeSigns.ReplaceUtf8(text, stretch =>
            stretch.Length < text.Length && MojibakeSigns.AreIn(stretch) ? Fix(stretch) : stretch);
        if (partly != text)
            return partly;

        // What is left of C1 controls was Windows-1252. (The reference tries the whole text first; the outcome is the same.)
        return FixC1Controls(text);
    }

    private static string? ReadAsUtf8(string text, CodePage page)
    {
        if (page.Encode(text) is not { } bytes)
            return null;
        // In MacRoman the pattern would match an en dash and a space.
        if (page != CodePage.MacRoman)
            bytes = MisreadUtf8.RestoreByteA0(bytes);
        if (page.IsWindows)
            bytes = MisreadUtf8.ReplaceLossySequences(bytes);
        return MisreadUtf8.Decode(bytes);
    }
}
