namespace StyleClip.Contracts.Comparisons;

/// <summary>
/// How alike the steps of different images are: the mean cosine over all pairs of images. 1 is one direction for all (StyleCLIP, section 5,
/// asks this of mappers).
/// </summary>
public sealed record StepSimilarity
{
    /// <summary>In StyleSpace; absent with fewer than two images that moved.</summary>
    public double? StyleSpace { get; init; }

    /// <summary>In W+; absent for methods that work in StyleSpace, and with fewer than two images that moved.</summary>
    public double? WPlus { get; init; }
}
