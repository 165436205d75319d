using StyleClip.Contracts.Recipes;

namespace StyleClip.Contracts.Domain;

/// <summary>
/// Whether a prompt is one that the generator can draw, and what a mapper made of it: the paper's own limit, made visible. Similarities are
/// means over the probe's latents of the cosine between picture and prompt.
/// </summary>
public sealed record DomainReport
{
    /// <summary>What the numbers say.</summary>
    public required DomainVerdict Verdict { get; init; }

    /// <summary>The verdict in words, with the numbers that it rests on.</summary>
    public required string Sentence { get; init; }

    /// <summary>How it was measured.</summary>
    public required DomainRecipe Probe { get; init; }

    /// <summary>Of the generator's own pictures that are nearest to the prompt.</summary>
    public required double FoundSimilarity { get; init; }

    /// <summary>Of the same after their latents were optimised: how near the generator comes. The verdict is about this one.</summary>
    public required double DrawnSimilarity { get; init; }

    /// <summary>Of held-out pictures, unedited.</summary>
    public required double SourceSimilarity { get; init; }

    /// <summary>Of the same after their latents were optimised.</summary>
    public required double ReachedSimilarity { get; init; }

    /// <summary>Of what the mapper makes of the same; absent before a mapper is trained.</summary>
    public double? MapperSimilarity { get; init; }

    /// <summary>What <see cref="DrawnSimilarity"/> is compared with; absent where the pack has no calibration that was measured so.</summary>
    public DomainReference? Reference { get; init; }

    /// <summary>Reached minus source similarity.</summary>
    public double ReachableGain => ReachedSimilarity - SourceSimilarity;

    /// <summary>Mapper's minus source similarity; absent before a mapper is trained.</summary>
    public double? MapperGain => MapperSimilarity - SourceSimilarity;

    /// <summary>The mapper's gain as a share of the reachable one; absent before a mapper is trained, or where nothing was reachable.</summary>
    public double? ShareReached => ReachableGain > 0 ? MapperGain / ReachableGain : null;
}
