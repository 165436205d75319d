using System.Text.Json;
using StyleClip.Models.Clip;

namespace StyleClip.Parity.Families;

/// <summary>tokenizer*.jsonl: texts with the ids of CLIP's tokenizer, which must agree exactly.</summary>
public sealed class TokenizerFamily : IParityFamily
{
    public string Name => "tokenizer";

    public bool Recognizes(ReferenceFile file) =>
        file.Name.StartsWith("tokenizer", StringComparison.Ordinal) && file.Name.EndsWith(".jsonl", StringComparison.Ordinal);

    public void Run(ReferenceFile file, FileReport report)
    {
        ClipTokenizer tokenizer = ClipTokenizer.Shared;
        int number = 0, agreed = 0;
        foreach (string line in File.ReadLines(file.FullPath).Where(line => line.Length > 0))
        {
            number++;
            using JsonDocument document = JsonDocument.Parse(line);
            if (Fault(tokenizer, document.RootElement) is not { } fault) agreed++;
            else report.Fail($"line {number}", $"{fault} for {document.RootElement.GetProperty("text").GetRawText()}");
        }

        report.Matched("ids, framing, decoding", number > 0 && agreed == number, $"{agreed} of {number} texts agree");
    }

    private static string? Fault(ClipTokenizer tokenizer, JsonElement entry)
    {
        string text = entry.GetProperty("text").GetString()!;
        int[] ids = [.. entry.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        if (!tokenizer.Encode(text).SequenceEqual(ids)) return $"ids are {string.Join(' ', tokenizer.Encode(text))}, not {string.Join(' ', ids)},";
        if (tokenizer.Decode(ids) != entry.GetProperty("decoded").GetString()) return $"decoded is \"{tokenizer.Decode(ids)}\"";
        return entry.GetProperty("tokenize").GetString() == "ok" ? FramingFault(tokenizer, text, ids) : TruncationFault(tokenizer, text, entry);
    }

    private static string? FramingFault(ClipTokenizer tokenizer, string text, int[] ids)
    {
        long[] framed = [ClipTokenizer.StartId, .. ids.Select(id => (long)id), ClipTokenizer.EndId];
        Array.Resize(ref framed, tokenizer.ContextLength);
        return tokenizer.Tokenize(text).SequenceEqual(framed) ? null : "the framed ids are others";
    }

    private static string? TruncationFault(ClipTokenizer tokenizer, string text, JsonElement entry)
    {
        long[] truncated = [.. entry.GetProperty("truncated77").EnumerateArray().Select(id => id.GetInt64())];
        if (!tokenizer.TokenizeTruncated(text).SequenceEqual(truncated)) return "the truncated ids are others";
        try
        {
            tokenizer.Tokenize(text);
            return "a text that is too long was taken";
        }
        catch (TextTooLongException)
        {
            return null;
        }
    }
}
