namespace StyleClip.Models.Clip;

/// <summary>A text contains words that a closed vocabulary does not have.</summary>
public sealed class UnknownWordException : Exception
{
    /// <summary>Names the unknown words of <paramref name="text"/>, near words for each, and the vocabulary.</summary>
    public UnknownWordException(string text, IReadOnlyList<string> words, IReadOnlyList<string> vocabulary)
        : base(Describe(text, words, vocabulary))
    {
        Text = text;
        Words = words;
        Vocabulary = vocabulary;
    }

    /// <summary>The text as it was given.</summary>
    public string Text { get; }

    /// <summary>The unknown words, lower-case, in order of appearance.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Every word the model knows.</summary>
    public IReadOnlyList<string> Vocabulary { get; }

    private static string Describe(string text, IReadOnlyList<string> words, IReadOnlyList<string> vocabulary)
    {
        string unknown = string.Join(", ", words.Select(word => WithSuggestions(word, vocabulary)));
        return $"\"{text}\" uses words this model was not trained on: {unknown}. It knows: {string.Join(", ", vocabulary)}.";
    }

    private static string WithSuggestions(string word, IReadOnlyList<string> vocabulary)
    {
        int tolerance = Math.Max(1, word.Length / 3);
        string[] near = [.. vocabulary
            .Select(known => (known, distance: EditDistance(word, known)))
            .Where(candidate => candidate.distance <= tolerance)
            .OrderBy(candidate => candidate.distance)
            .ThenBy(candidate => candidate.known, StringComparer.Ordinal)
            .Take(3)
            .Select(candidate => $"'{candidate.known}'")];
        return near.Length == 0 ? $"'{word}'" : $"'{word}' (did you mean {string.Join(" or ", near)}?)";
    }

    // Levenshtein distance where exchanging two neighbours also counts as one edit, the commonest typing slip.
    private static int EditDistance(string first, string second)
    {
        int[,] cost = new int[first.Length + 1, second.Length + 1];
        for (int i = 0; i <= first.Length; i++)
            cost[i, 0] = i;
        for (int j = 0; j <= second.Length; j++)
            cost[0, j] = j;
        for (int i = 1; i <= first.Length; i++)
        {
            for (int j = 1; j <= second.Length; j++)
            {
                int substitution = cost[i - 1, j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(substitution, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }
        return cost[first.Length, second.Length];
    }
}
