using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Training.Devices;
using StyleClip.Training.Edits;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;
using StyleClip.Training.Strips;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

// N held-out latents, B batch, L style layers, D style width, C channels of a layer

/// <summary>Finds a job's global direction and measures it on the held-out latents of the job's bank.</summary>
public static class PromptDirection
{
    /// <summary>Computes the job on the calling thread.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="networks">The networks of its pack.</param>
    /// <param name="tableBytes">The direction table that its recipe asks for.</param>
    /// <param name="latentFile">The file of latents, for a bank that is read from one.</param>
    /// <param name="cancellationToken">Ends the work between two batches.</param>
    /// <returns>
    /// The outcome after one step; <see cref="TrainingOutcome.Mapper"/> is the direction, a <see cref="DirectionFile"/>.
    /// </returns>
    /// <exception cref="InvalidDataException">No channel reaches the threshold.</exception>
    /// <exception cref="ArgumentException">There is no neutral text, or CLIP sees no difference, or the pack does not know the words.</exception>
    /// <exception cref="WeightsException">The table is damaged or of another generator, or the file of latents does not fit.</exception>
    public static TrainingOutcome Run(
        JobSpec spec,
        FrozenNetworks networks,
        byte[] tableBytes,
        ReadOnlyMemory<byte>? latentFile = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(networks);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        DirectionRecipe recipe = spec.Recipe.Direction ?? new();
        string neutral = spec.Neutral
            ?? throw new ArgumentException($"A direction leads from a neutral text to the prompt; '{spec.Prompt}' needs a neutral text.", nameof(spec));
        using DirectionTableFile table = DirectionTableFile.Read(tableBytes, "the direction table", networks.MeanW.device);
        using FoundDirection found = FoundDirection.Of(networks, table, spec.Prompt, neutral, recipe.Beta, recipe.AutoBetaChannels);
        (ValidationReport report, byte[] strip) = Measure(spec, recipe, networks, found.Direction, latentFile, cancellationToken);
        return double.IsFinite(report.Objective)
            ? new(TrainingEnd.Finished, 1, null, DirectionFile.ToBytes(found, recipe.Alpha), strip, report)
            : new(TrainingEnd.Diverged, 1, FormattableString.Invariant($"The direction's pictures are not finite: CLIP loss {report.ClipLoss}, latent loss {report.LatentL2Loss}."), null, null, null);
    }

    private static (ValidationReport Report, byte[] Strip) Measure(
        JobSpec spec, DirectionRecipe recipe, FrozenNetworks networks, StyleDirection direction, ReadOnlyMemory<byte>? latentFile, CancellationToken cancellationToken)
    {
        ClipLoss clip = networks.ClipLoss(spec.Recipe.Loss.ClipInput);
        using PromptTarget target = PromptTarget.Of(clip, networks.Tokenize, spec.Prompt, spec.Neutral);
        EditMeasurement measurement = new(target, clip, networks.IdentityLoss());
        Tensor latents = BankBuilder.HeldOutWPlus(spec.Bank, networks, spec.Bank.Validation, latentFile); // [N, L, D]
        int count = (int)latents.shape[0], batchSize = spec.Recipe.Validation.BatchSize, faces = Math.Min(count, spec.Recipe.StripFaces);
        Tensor sums = zeros(EditMeasurement.Columns, ScalarType.Float64, latents.device);
        double latentL2 = 0;
        List<StripRow> before = [], after = [];
        NativeMemory memory = new();
        for (int first = 0; first < count; first += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope inner = NewDisposeScope();
            Tensor wPlus = latents.narrow(0, first, Math.Min(batchSize, count - first)); // [B, L, D]
            Tensor[] styles = networks.Generator.Styles(wPlus); // [B, C] of each layer
            Tensor[] moved = direction.Apply(styles, recipe.Alpha);
            Tensor source = networks.Generator.Synthesize(wPlus), edited = networks.Generator.SynthesizeFromStyles(moved);
            sums.add_(measurement.Measure(source, edited, new(moved, styles)).sum(dim: 0));
            latentL2 += LatentL2Loss.StyleSpace(moved, styles).ToDouble() * wPlus.shape[0];
            if (first < faces)
            {
                before.Add(BeforeAfterStrip.Row(First(source, faces - first)));
                after.Add(BeforeAfterStrip.Row(First(edited, faces - first)));
            }

            memory.AfterStep();
        }

        double[] means = [.. (sums / count).cpu().data<double>()];
        return (
            measurement.Report(1, means, latentL2 / count, spec.Recipe.Loss.Objective),
            BeforeAfterStrip.Encode(BeforeAfterStrip.Join(before), BeforeAfterStrip.Join(after)));

        static Tensor First(Tensor images, long most) => images.narrow(0, 0, Math.Min(images.shape[0], most));
    }
}
