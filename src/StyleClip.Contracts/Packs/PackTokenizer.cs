using System.Collections.Immutable;

namespace StyleClip.Contracts.Packs;

/// <summary>How a pack's CLIP model reads text. The context length is that of <see cref="PackClip"/>.</summary>
public sealed record PackTokenizer
{
    /// <summary>Family of the tokenizer.</summary>
    public required PackTokenizerKind Kind { get; init; }

    /// <summary>The vocabulary in the order of its ids, for <see cref="PackTokenizerKind.Words"/>; empty otherwise.</summary>
    public ImmutableArray<string> Words { get; init; } = [];
}
