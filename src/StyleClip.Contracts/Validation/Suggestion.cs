namespace StyleClip.Contracts.Validation;

/// <summary>Finds what somebody may have meant.</summary>
internal static class Suggestion
{
    private const int LongestWord = 64;

    /// <summary><c>; did you mean 'x'?</c>, or the whole list of what is known where nothing is near.</summary>
    public static string For(string word, IReadOnlyCollection<string> known) => Nearest(word, known) is { } nearest
        ? $"; did you mean '{nearest}'?"
        : $"; known are {string.Join(", ", known.Order(StringComparer.Ordinal))}";

    /// <summary>The known word that is little different; null where none is.</summary>
    public static string? Nearest(string word, IReadOnlyCollection<string> known)
    {
        string folded = Fold(word);
        string? nearest = word.Length > LongestWord ? null : known.MinBy(candidate => Distance(folded, Fold(candidate)));
        bool isNear = nearest is not null && Distance(folded, Fold(nearest)) <= Math.Max(1, Math.Min(folded.Length, nearest.Length) / 3);
        return isNear ? nearest : null;
    }

    // learning_rate, Learning-Rate and learningRate are the same wish.
    private static string Fold(string word) =>
        word.Replace("_", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal).ToLowerInvariant();

    // Levenshtein's distance, row by row.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
