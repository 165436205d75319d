namespace StyleClip.Contracts.Jobs;

/// <summary>What the held-out latents measured. Loss terms are raw (unweighted) means.</summary>
public sealed record ValidationReport
{
    /// <summary>Updates done before the measurement.</summary>
    public required int Step { get; init; }

    /// <summary>CLIP term.</summary>
    public required double ClipLoss { get; init; }

    /// <summary>Identity term; absent for packs without an identity network.</summary>
    public double? IdentityLoss { get; init; }

    /// <summary>Latent term.</summary>
    public required double LatentL2Loss { get; init; }

    /// <summary>Weighted sum.</summary>
    public required double Objective { get; init; }

    /// <summary>Mean cosine between the source images and the prompt.</summary>
    public required double SourceSimilarity { get; init; }

    /// <summary>Mean cosine between the edited images and the prompt.</summary>
    public required double EditedSimilarity { get; init; }

    /// <summary>Mean cosine between the features of the edited and the source images; absent for packs without an identity network.</summary>
    public double? IdentitySimilarity { get; init; }

    /// <summary>Mean cosine between the image's move and the move from the neutral text to the prompt; absent without a neutral text.</summary>
    public double? DirectionalSimilarity { get; init; }

    /// <summary>Mean over latents of the Euclidean norm of the offset, strength included.</summary>
    public required double LatentShiftNorm { get; init; }

    /// <summary>Edited minus source similarity.</summary>
    public double ClipGain => EditedSimilarity - SourceSimilarity;
}
