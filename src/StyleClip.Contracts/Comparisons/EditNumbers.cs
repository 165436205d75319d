namespace StyleClip.Contracts.Comparisons;

/// <summary>What one evaluator says of an edit, whichever method made it: of one image, or the means over several.</summary>
public sealed record EditNumbers
{
    /// <summary>Cosine between the source image and the prompt.</summary>
    public required double SourceSimilarity { get; init; }

    /// <summary>Cosine between the edited image and the prompt.</summary>
    public required double EditedSimilarity { get; init; }

    /// <summary>Edited minus source similarity.</summary>
    public double ClipGain => EditedSimilarity - SourceSimilarity;

    /// <summary>
    /// Cosine between the image's move in CLIP's space and the move from the neutral text to the prompt; absent where no image moved.
    /// </summary>
    public double? DirectionalSimilarity { get; init; }

    /// <summary>Cosine between the identity features of both images; absent for packs without an identity network.</summary>
    public double? IdentitySimilarity { get; init; }

    /// <summary>Euclidean norm of the step in W+; absent for methods that work in StyleSpace.</summary>
    public double? WPlusDistance { get; init; }

    /// <summary>Euclidean norm of the step in StyleSpace, vectors of to-RGB layers included: the space that all methods share.</summary>
    public required double StyleDistance { get; init; }

    /// <summary>Root mean square difference of the pixels, each from 0 to 1.</summary>
    public required double PixelDistance { get; init; }

    /// <summary>
    /// Whether the source image shows everything that the prompt asks for, by the pack's attribute network: 0 or 1, or the share of the
    /// images. Absent where the pack has no such network or it knows nothing of the prompt.
    /// </summary>
    public double? SourceHasAttribute { get; init; }

    /// <summary>Likewise of the edited image.</summary>
    public double? EditedHasAttribute { get; init; }

    /// <summary>
    /// Share of the attributes that the prompt does not ask for, and that do not exclude those that it asks for, which came or went with the
    /// edit. Absent as the others.
    /// </summary>
    public double? OtherAttributesChanged { get; init; }
}
