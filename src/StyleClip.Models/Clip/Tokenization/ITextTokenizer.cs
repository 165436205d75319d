namespace StyleClip.Models.Clip;

/// <summary>Turns a prompt into the token ids that a CLIP text tower reads.</summary>
public interface ITextTokenizer
{
    /// <summary>Number of ids a tokenised text has, start and end included (77 for the published models).</summary>
    int ContextLength { get; }

    /// <summary>Token ids of <paramref name="text"/>: start, words, end, then 0 up to <see cref="ContextLength"/>.</summary>
    /// <exception cref="TextTooLongException">The text needs more than <see cref="ContextLength"/> ids.</exception>
    /// <exception cref="UnknownWordException">A word is outside a closed vocabulary.</exception>
    long[] Tokenize(string text);
}
