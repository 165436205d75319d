using static TorchSharp.torch;

namespace StyleClip.Models.Clip;

/// <summary>The sizes of a CLIP model with a vision transformer; any member of the family.</summary>
public sealed record ClipSpec
{
    /// <summary>Side of the square input image, pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of a square patch, pixels; divides <see cref="ImageSize"/>.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Channels of the vision transformer.</summary>
    public required int VisionWidth { get; init; }

    /// <summary>Blocks of the vision transformer.</summary>
    public required int VisionLayers { get; init; }

    /// <summary>Attention heads of the vision transformer; divides <see cref="VisionWidth"/>.</summary>
    public required int VisionHeads { get; init; }

    /// <summary>Size of the space that images and texts share.</summary>
    public required int EmbedDim { get; init; }

    /// <summary>Channels of the text transformer.</summary>
    public required int TextWidth { get; init; }

    /// <summary>Blocks of the text transformer.</summary>
    public required int TextLayers { get; init; }

    /// <summary>Attention heads of the text transformer; divides <see cref="TextWidth"/>.</summary>
    public required int TextHeads { get; init; }

    /// <summary>Most tokens of a text, start and end included.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Number of token ids; the end-of-text id is the largest one used.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The published ViT-B/32: 151,277,313 parameters.</summary>
    public static ClipSpec VitB32 { get; } = new()
    {
        ImageSize = 224,
        PatchSize = 32,
        VisionWidth = 768,
        VisionLayers = 12,
        VisionHeads = 12,
        EmbedDim = 512,
        TextWidth = 512,
        TextLayers = 12,
        TextHeads = 8,
        ContextLength = 77,
        VocabularySize = 49408,
    };

    private const int HeadWidth = 64; // every published CLIP

    /// <summary>
    /// Reads the sizes from the shapes of a state dictionary with the published keys. Shapes do not tell the number of heads: it is
    /// width / 64, as in every published model; correct it with a <c>with</c> expression where a model differs.
    /// </summary>
    /// <param name="weights">The weights; other keys than CLIP's are ignored.</param>
    /// <exception cref="ArgumentException">A needed key is missing or has no such shape.</exception>
    public static ClipSpec Infer(IReadOnlyDictionary<string, Tensor> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        long[] patches = ShapeOf(weights, "visual.conv1.weight", 4);
        long[] positions = ShapeOf(weights, "visual.positional_embedding", 2);
        long[] words = ShapeOf(weights, "token_embedding.weight", 2);
        int side = (int)Math.Round(Math.Sqrt(positions[0] - 1));
        if ((side * side) + 1 != positions[0])
            throw new ArgumentException($"visual.positional_embedding has {positions[0]} rows; it must be a square number plus 1.", nameof(weights));
        return new ClipSpec
        {
            ImageSize = side * (int)patches[2],
            PatchSize = (int)patches[2],
            VisionWidth = (int)patches[0],
            VisionLayers = CountBlocks(weights, "visual.transformer"),
            VisionHeads = Math.Max(1, (int)patches[0] / HeadWidth),
            EmbedDim = (int)ShapeOf(weights, "visual.proj", 2)[1],
            TextWidth = (int)words[1],
            TextLayers = CountBlocks(weights, "transformer"),
            TextHeads = Math.Max(1, (int)words[1] / HeadWidth),
            ContextLength = (int)ShapeOf(weights, "positional_embedding", 2)[0],
            VocabularySize = (int)words[0],
        };
    }

    private static int CountBlocks(IReadOnlyDictionary<string, Tensor> weights, string transformer)
    {
        int count = 0;
        while (weights.ContainsKey($"{transformer}.resblocks.{count}.ln_1.weight")) count++;
        return count > 0 ? count : throw new ArgumentException($"There is no {transformer}.resblocks.0: these are not the weights of a CLIP vision transformer.", nameof(weights));
    }

    private static long[] ShapeOf(IReadOnlyDictionary<string, Tensor> weights, string key, int rank)
    {
        if (!weights.TryGetValue(key, out Tensor? tensor))
            throw new ArgumentException($"There is no {key}: these are not the weights of a CLIP vision transformer.", nameof(weights));
        long[] shape = tensor.shape;
        return shape.Length == rank ? shape : throw new ArgumentException($"{key} has {shape.Length} dimensions; it must have {rank}.", nameof(weights));
    }
}
