namespace StyleClip.Models.Clip;

/// <summary>
/// Repairs broken text as ftfy 6.3.1's <c>fix_text</c> does with its default settings, which is what CLIP's prompts were trained
/// with. Lines are repaired independently; each until nothing changes.
/// </summary>
internal static class TextRepair
{
    public static string Fix(string text)
    {
        List<string> lines = [];
        // From the first line with a '<' on, the text is taken for HTML whose references are meant to stay.
        bool unescape = true;
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start) + 1;
            if (end == 0)
                end = text.Length;
            string line = text[start..end];
            unescape = unescape && !line.Contains('<', StringComparison.Ordinal);
            lines.Add(FixLine(line, unescape));
            start = end;
        }
        return string.Concat(lines);
    }

    private static string FixLine(string line, bool unescape)
    {
        while (true)
        {
            string repaired = unescape ? HtmlEntities.UnescapeClosed(line) : line;
            repaired = MojibakeRepair.Fix(repaired);
            repaired = MojibakeRepair.FixC1Controls(repaired);
            repaired = CharacterRepair.Fix(repaired);
            repaired = CanonicalComposition.Normalize(repaired);
            if (repaired == line)
                return line;
            line = repaired;
        }
    }
}
