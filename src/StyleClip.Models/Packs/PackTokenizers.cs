using StyleClip.Contracts.Packs;
using StyleClip.Models.Clip;

namespace StyleClip.Models.Packs;

/// <summary>Tokenizers as packs describe them. They need no weights, so that a prompt can be checked before anything is loaded.</summary>
public static class PackTokenizers
{
    /// <summary>The tokenizer of a pack.</summary>
    /// <param name="manifest">The pack's manifest.</param>
    /// <exception cref="InvalidDataException">The tokenizer's kind is unknown to this build.</exception>
    public static ITextTokenizer Create(PackManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.Tokenizer.Kind switch
        {
            PackTokenizerKind.Clip => ClipTokenizer.Shared,
            PackTokenizerKind.Words => new WordTokenizer(manifest.Tokenizer.Words, manifest.Clip.ContextLength),
            PackTokenizerKind other => throw new InvalidDataException($"Pack {manifest.Name} has a tokenizer of kind {other}, which this build does not read."),
        };
    }
}
