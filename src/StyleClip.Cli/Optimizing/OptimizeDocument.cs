using StyleClip.Contracts.Recipes;
using StyleClip.Training.Baselines;
using StyleClip.Training.LatentOptimization;

namespace StyleClip.Cli.Optimizing;

/// <summary>The document of an optimisation: what <c>--output json</c> prints, and <c>result.json</c> beside the pictures.</summary>
internal sealed record OptimizeDocument
{
    public required string Pack { get; init; }

    public required string DeviceKind { get; init; }

    public required string Prompt { get; init; }

    public required OptimizeMethod Method { get; init; }

    public required OptimizeMode Mode { get; init; }

    public required OptimizeSpace Space { get; init; }

    public required ClipInput ClipInput { get; init; }

    /// <summary>Absent for another method.</summary>
    public LatentOptimizationOptions? Options { get; init; }

    /// <summary>Absent for another method.</summary>
    public TediGanOptions? TediGan { get; init; }

    /// <summary>True where Ctrl-C ended it before all steps of all latents.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>The latents after the optimisation, in the order of <see cref="Results"/>.</summary>
    public required string Latents { get; init; }

    public required string Strip { get; init; }

    public required IReadOnlyList<OptimizeResult> Results { get; init; }
}

/// <summary>One latent in an <see cref="OptimizeDocument"/>.</summary>
internal sealed record OptimizeResult
{
    public required int Steps { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Cosine of the prompt to the picture before.</summary>
    public required double SourceSimilarity { get; init; }

    /// <summary>Cosine of the prompt to the picture after.</summary>
    public required double EditedSimilarity { get; init; }

    public double ClipGain => EditedSimilarity - SourceSimilarity;

    /// <summary>Of the pictures before and after; absent where the pack has no identity network.</summary>
    public double? IdentitySimilarity { get; init; }

    /// <summary>Every step's losses, before weighting and before its update.</summary>
    public required IReadOnlyList<LatentOptimizationReport> Losses { get; init; }
}
