namespace StyleClip.Contracts.Recipes;

/// <summary>Objective = Clip * L_clip + Identity * L_id + LatentL2 * L_l2 (StyleCLIP, equation 5). A term of weight 0 is not computed in training.</summary>
public sealed record LossRecipe
{
    /// <summary>Weight of the CLIP term. 1.0 in the published code.</summary>
    public double Clip { get; init; } = 1.0;

    /// <summary>Weight of the identity term. 0.1 in the published code; ignored for packs without an identity network.</summary>
    public double Identity { get; init; } = 0.1;

    /// <summary>Weight of the mean squared latent offset. 0.8 in the published code.</summary>
    public double LatentL2 { get; init; } = 0.8;

    /// <summary>How the image is handed to CLIP.</summary>
    public ClipInput ClipInput { get; init; } = ClipInput.Normalized;

    /// <summary>What the CLIP term compares.</summary>
    public ClipTarget ClipTarget { get; init; } = ClipTarget.Similarity;
}
