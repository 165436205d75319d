using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Losses;
using StyleClip.Training.Devices;
using StyleClip.Training.Latents;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Mapping;

// B batch, E embedding

/// <summary>Measures a mapper on the held-out latents.</summary>
internal sealed class MapperValidation(
    MapperEdit edit, RecipeSpec recipe, ClipLoss clip, IdentityLoss? identity, PromptTarget target, LatentBank bank, Device device)
{
    private enum Sum
    {
        ClipCosine,
        LatentL2,
        SourceSimilarity,
        EditedSimilarity,
        ShiftNorm,
        IdentitySimilarity,
        DirectionalSimilarity,
    }

    public ValidationReport Measure(int step, NativeMemory memory)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor total = zeros(Enum.GetValues<Sum>().Length, ScalarType.Float64, device);
        for (int first = 0; first < bank.ValidationCount; first += recipe.Validation.BatchSize)
        {
            using DisposeScope inner = NewDisposeScope();
            int count = Math.Min(recipe.Validation.BatchSize, bank.ValidationCount - first);
            total.add_(Sums(bank.Validation(first, count, device)));
            memory.AfterStep();
        }

        return Report(step, [.. (total / bank.ValidationCount).cpu().data<double>()]);
    }

    /// <summary>Sums over the batch, in the order of <see cref="Sum"/>.</summary>
    private Tensor Sums(LatentBatch batch)
    {
        EditedLatents latents = edit.Apply(batch.Latents);
        Tensor image = edit.Synthesize(latents);
        Tensor features = clip.EmbedImage(image); // [B, E]
        Tensor none = zeros(batch.Count, device: device);
        return stack(
        [
            target.Cosine(recipe.Loss.ClipTarget, features, batch.Clip),
            edit.LatentL2(latents).expand(batch.Count),
            target.Similarity(batch.Clip),
            target.Similarity(features),
            latents.OffsetNorm(),
            identity is null || batch.Identity is null ? none : (identity.Features(image) * batch.Identity).sum(1),
            target.Direction is null ? none : target.DirectionalSimilarity(features, batch.Clip),
        ]).to(ScalarType.Float64).sum(1);
    }

    private ValidationReport Report(int step, double[] mean)
    {
        double? identityLoss = identity is null || bank.Identity is null ? null : 1 - mean[(int)Sum.IdentitySimilarity];
        double clipLoss = 1 - mean[(int)Sum.ClipCosine];
        return new()
        {
            Step = step,
            ClipLoss = clipLoss,
            IdentityLoss = identityLoss,
            LatentL2Loss = mean[(int)Sum.LatentL2],
            Objective = recipe.Loss.Objective(clipLoss, identityLoss, mean[(int)Sum.LatentL2]),
            SourceSimilarity = mean[(int)Sum.SourceSimilarity],
            EditedSimilarity = mean[(int)Sum.EditedSimilarity],
            IdentitySimilarity = 1 - identityLoss,
            DirectionalSimilarity = target.Direction is null ? null : mean[(int)Sum.DirectionalSimilarity],
            LatentShiftNorm = mean[(int)Sum.ShiftNorm],
        };
    }
}
