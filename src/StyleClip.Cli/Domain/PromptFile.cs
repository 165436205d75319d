using StyleClip.Contracts.Packs;
using StyleClip.Models.Clip;
using StyleClip.Models.Packs;

namespace StyleClip.Cli.Domain;

/// <summary>Prompts in a text file: one a line, empty lines and those that begin with '#' left out.</summary>
internal static class PromptFile
{
    private const long MostBytes = 1 << 20;

    /// <exception cref="InvalidDataException">There is no prompt in it, or too much.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        if (new FileInfo(path).Length > MostBytes) throw new InvalidDataException($"{path} has more than {MostBytes} bytes.");
        string[] prompts = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Distinct(StringComparer.Ordinal)];
        return prompts.Length > 0 ? prompts : throw new InvalidDataException($"{path} has no prompt: it must have one a line.");
    }

    /// <summary>Makes sure, before anything long begins, that the pack understands every prompt.</summary>
    /// <exception cref="UnknownWordException">It does not.</exception>
    /// <exception cref="TextTooLongException">It does not.</exception>
    public static void Require(IReadOnlyList<string> prompts, PackManifest pack)
    {
        ITextTokenizer tokenizer = PackTokenizers.Create(pack);
        foreach (string prompt in prompts) tokenizer.Tokenize(prompt);
    }
}
