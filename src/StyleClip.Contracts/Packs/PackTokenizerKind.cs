namespace StyleClip.Contracts.Packs;

/// <summary>A family of tokenizers.</summary>
public enum PackTokenizerKind
{
    /// <summary>The byte-pair encoding of the published CLIP models.</summary>
    Clip,

    /// <summary>Whole words of a closed vocabulary; other words are refused.</summary>
    Words,
}
