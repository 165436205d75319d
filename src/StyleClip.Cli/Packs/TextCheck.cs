using StyleClip.Models.Clip;

namespace StyleClip.Cli.Packs;

/// <summary>Whether a pack's CLIP model understands a text.</summary>
internal static class TextCheck
{
    /// <summary>What is wrong with the text, as a rule that begins with "must"; null where nothing is.</summary>
    public static string? Check(ITextTokenizer tokenizer, string text)
    {
        try
        {
            tokenizer.Tokenize(text);
            return null;
        }
        catch (Exception exception) when (exception is UnknownWordException or TextTooLongException)
        {
            return $"must be a text that the pack's CLIP understands: {exception.Message}";
        }
    }
}
