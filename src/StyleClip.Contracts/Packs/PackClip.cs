namespace StyleClip.Contracts.Packs;

/// <summary>Shape of a CLIP model with a vision transformer.</summary>
public sealed record PackClip
{
    /// <summary>Side of the square input image, pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of a square patch, pixels; divides <see cref="ImageSize"/>.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Channels of the vision transformer.</summary>
    public required int VisionWidth { get; init; }

    /// <summary>Blocks of the vision transformer.</summary>
    public required int VisionLayers { get; init; }

    /// <summary>Attention heads of the vision transformer.</summary>
    public required int VisionHeads { get; init; }

    /// <summary>Size of the space that images and texts share.</summary>
    public required int EmbedDim { get; init; }

    /// <summary>Channels of the text transformer.</summary>
    public required int TextWidth { get; init; }

    /// <summary>Blocks of the text transformer.</summary>
    public required int TextLayers { get; init; }

    /// <summary>Attention heads of the text transformer.</summary>
    public required int TextHeads { get; init; }

    /// <summary>Most tokens of a text, start and end included.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }
}
