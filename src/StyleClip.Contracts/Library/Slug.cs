using System.Text;

namespace StyleClip.Contracts.Library;

/// <summary>Names made from free text that are safe in paths, URLs and labels.</summary>
public static class Slug
{
    private const int MaxWords = 48;

    // Not Unicode normalisation: whether that is there depends on the host's globalisation data, and a slug must not.
    private const string Accented = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ";
    private const string Plain = "aaaaaaceeeeiiiinoooooouuuuyy";

    /// <summary>
    /// <c>[a-z0-9-]</c>, at most 57 characters: the words of <paramref name="text"/>, then eight digits of the text's hash, so that two
    /// texts whose words look alike still differ.
    /// </summary>
    public static string Of(string text) => Join(Words(text, MaxWords), HashOf(text));

    /// <summary>The same for one of several things that a text may name, such as its <c>direction</c>: the kind follows the words.</summary>
    /// <param name="text">Free text.</param>
    /// <param name="kind"><c>[a-z]</c>, at most 40 characters.</param>
    public static string Of(string text, string kind) => Join(Words(text, MaxWords - kind.Length - 1), kind, HashOf(text));

    private static string Words(string text, int maxLength)
    {
        var words = new StringBuilder();
        foreach (char c in text)
        {
            char lower = WithoutAccent(char.ToLowerInvariant(c));
            if (char.IsAsciiLetterOrDigit(lower)) words.Append(lower);
            else if (words.Length > 0 && words[^1] != '-') words.Append('-');
            if (words.Length >= maxLength) break;
        }

        return words.ToString().Trim('-');
    }

    private static string HashOf(string text) => Digest.Of(Encoding.UTF8.GetBytes(text)).Hex[..8];

    private static string Join(params IEnumerable<string> parts) => string.Join('-', parts.Where(part => part.Length > 0));

    private static char WithoutAccent(char c) => Accented.IndexOf(c, StringComparison.Ordinal) is var index and >= 0 ? Plain[index] : c;
}
