using System.Text.RegularExpressions;

namespace StyleClip.Models.Clip;

/// <summary>CLIP's clean-up of a prompt: repaired, references of HTML resolved, spaces collapsed, lower-case.</summary>
internal static partial class ClipTextCleaner
{
    [GeneratedRegex("[\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces { get; }

    public static string Clean(string text)
    {
        string repaired = TextRepair.Fix(text);
        // Twice, because captions on the web were often escaped twice.
        string unescaped = HtmlEntities.Unescape(HtmlEntities.Unescape(repaired));
        string collapsed = Spaces.Replace(UnicodeText.Strip(unescaped), " ");
        return UnicodeText.ToLower(UnicodeText.Strip(collapsed));
    }
}
