namespace StyleClip.Models.Clip;

/// <summary>A text has more tokens than the text tower's context holds.</summary>
public sealed class TextTooLongException : Exception
{
    /// <summary>Describes <paramref name="text"/>, whose ids with start and end number <paramref name="tokenCount"/>.</summary>
    public TextTooLongException(string text, int tokenCount, int limit)
        : base($"The text has {tokenCount} tokens with its start and end; the text tower reads at most {limit}. Shorten it: \"{text}\".")
    {
        Text = text;
        TokenCount = tokenCount;
        Limit = limit;
    }

    /// <summary>The text as it was given.</summary>
    public string Text { get; }

    /// <summary>Number of ids the text needs, start and end included.</summary>
    public int TokenCount { get; }

    /// <summary>Number of ids the text tower reads.</summary>
    public int Limit { get; }
}
