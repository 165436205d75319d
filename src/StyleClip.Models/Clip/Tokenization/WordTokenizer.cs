using System.Collections.Immutable;
using System.Text;

namespace StyleClip.Models.Clip;

/// <summary>
/// Whole-word tokenizer over a closed vocabulary, for small CLIP models trained on generated captions. Ids: 0 padding, 1 to n
/// the words in their given order, then start, then end. The end is the largest id because the text tower reads its feature at
/// the position of the largest id (CLIP, section 2.4).
/// </summary>
public sealed class WordTokenizer : ITextTokenizer
{
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);

    /// <summary>Builds the vocabulary.</summary>
    /// <param name="words">Distinct lower-case words of letters and digits; their order fixes the ids.</param>
    /// <param name="contextLength">Number of ids of a tokenised text, at least 3.</param>
    /// <exception cref="ArgumentException">A word is empty, repeated, or would be split or changed by <see cref="Split"/>.</exception>
    public WordTokenizer(IReadOnlyList<string> words, int contextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 3);
        ArgumentOutOfRangeException.ThrowIfZero(words.Count);
        foreach (string word in words)
        {
            if (!Split(word).SequenceEqual([word]))
                throw new ArgumentException($"'{word}' cannot be a vocabulary word: words are lower-case letters and digits.", nameof(words));
            if (!_ids.TryAdd(word, _ids.Count + 1))
                throw new ArgumentException($"'{word}' is in the vocabulary twice.", nameof(words));
        }
        Words = [.. words];
        ContextLength = contextLength;
    }

    /// <summary>The vocabulary in the order of its ids, which begin at 1.</summary>
    public ImmutableArray<string> Words { get; }

    /// <inheritdoc/>
    public int ContextLength { get; }

    /// <summary>Id before the first word.</summary>
    public long StartId => Words.Length + 1;

    /// <summary>Id after the last word, the largest of all.</summary>
    public long EndId => Words.Length + 2;

    /// <summary>Number of ids, padding, start and end included: rows of the text tower's embedding.</summary>
    public int VocabularySize => Words.Length + 3;

    /// <inheritdoc/>
    public long[] Tokenize(string text)
    {
        string[] words = [.. Split(text)];
        string[] unknown = [.. words.Where(word => !_ids.ContainsKey(word)).Distinct(StringComparer.Ordinal)];
        if (unknown.Length > 0)
            throw new UnknownWordException(text, unknown, Words);
        if (words.Length + 2 > ContextLength)
            throw new TextTooLongException(text, words.Length + 2, ContextLength);

        long[] ids = new long[ContextLength];
        ids[0] = StartId;
        for (int i = 0; i < words.Length; i++)
            ids[i + 1] = _ids[words[i]];
        ids[words.Length + 1] = EndId;
        return ids;
    }

    /// <summary>The lower-case words of <paramref name="text"/>: runs of letters, marks and digits. All else only separates them.</summary>
    public static IEnumerable<string> Split(string text)
    {
        StringBuilder word = new();
        foreach (char c in text)
        {
            if (char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark)
            {
                word.Append(char.ToLowerInvariant(c));
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }
        if (word.Length > 0)
            yield return word.ToString();
    }
}
