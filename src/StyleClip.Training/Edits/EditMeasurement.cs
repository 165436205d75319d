using StyleClip.Contracts.Jobs;
using StyleClip.Models.Losses;
using StyleClip.Training.Mapping;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Edits;

// B images, H W pixels

/// <summary>What an edit does to images, whoever made it.</summary>
internal sealed class EditMeasurement(PromptTarget target, ClipLoss clip, IdentityLoss? identity)
{
    /// <summary>Numbers of one image.</summary>
    public const int Columns = 5;

    private enum Column
    {
        SourceSimilarity,
        EditedSimilarity,
        IdentitySimilarity,
        DirectionalSimilarity,
        ShiftNorm,
    }

    /// <summary>Measures a batch.</summary>
    /// <param name="source">Images before, [B, 3, H, W].</param>
    /// <param name="edited">Images after, likewise.</param>
    /// <param name="latents">Their codes.</param>
    /// <returns>float64 [B, <see cref="Columns"/>], in the caller's dispose scope.</returns>
    public Tensor Measure(Tensor source, Tensor edited, EditedLatents latents)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor before = clip.EmbedImage(source), after = clip.EmbedImage(edited);
        Tensor none = zeros(source.shape[0], device: source.device);
        Tensor numbers = stack(
        [
            target.Similarity(before),
            target.Similarity(after),
            identity is null ? none : (identity.Features(edited) * identity.Features(source)).sum(1),
            target.Direction is null ? none : target.DirectionalSimilarity(after, before),
            latents.OffsetNorm(),
        ]);
        return numbers.to(ScalarType.Float64).t().contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The report of means over images.</summary>
    /// <param name="step">Updates done.</param>
    /// <param name="mean">Means of the numbers of <see cref="Measure"/>.</param>
    /// <param name="latentL2">Latent term.</param>
    /// <param name="objective">Weighted sum of CLIP, identity and latent term.</param>
    public ValidationReport Report(int step, ReadOnlySpan<double> mean, double latentL2, Func<double, double?, double, double> objective)
    {
        double clipLoss = 1 - mean[(int)Column.EditedSimilarity];
        double? identitySimilarity = identity is null ? null : mean[(int)Column.IdentitySimilarity];
        return new ValidationReport
        {
            Step = step,
            ClipLoss = clipLoss,
            IdentityLoss = 1 - identitySimilarity,
            LatentL2Loss = latentL2,
            Objective = objective(clipLoss, 1 - identitySimilarity, latentL2),
            SourceSimilarity = mean[(int)Column.SourceSimilarity],
            EditedSimilarity = mean[(int)Column.EditedSimilarity],
            IdentitySimilarity = identitySimilarity,
            DirectionalSimilarity = target.Direction is null ? null : mean[(int)Column.DirectionalSimilarity],
            LatentShiftNorm = mean[(int)Column.ShiftNorm],
        };
    }
}
