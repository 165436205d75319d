using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Library;
using StyleClip.Models.Packs;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Domain;
using StyleClip.Training.Domain;
using StyleClip.Training.Mapping;

namespace StyleClip.Node.Segments;

/// <summary>Looks, after a mapper's training, whether the prompt is one that the generator can draw.</summary>
internal static class DomainCheck
{
    /// <summary>What was found out; null where the recipe does not ask, or training made no mapper.</summary>
    public static async Task<DomainReport?> Of(SegmentContext context, TrainingOutcome outcome, FrozenNetworks networks)
    {
        if (context.Spec.Recipe.Domain is not { } recipe || outcome is not { End: TrainingEnd.Finished or TrainingEnd.EarlyStopped, Mapper: { } mapper }) return null;
        (PackCalibration Content, Digest Digest)? calibration = await context.WithStore(() => Calibration(context));
        DomainMeasurement measured = await context.Device.Thread.Invoke(
            () =>
            {
                var probe = new DomainProbe(networks, context.Device.Pictures(networks, recipe.Pictures), recipe, context.Control.Stop);
                return DomainMeasurement.Of(probe, context.Spec, mapper);
            },
            context.Control.Stop);
        return DomainJudge.Judge(measured, recipe, calibration);
    }

    private static async Task<(PackCalibration Content, Digest Digest)?> Calibration(SegmentContext context)
    {
        try
        {
            return await new CalibrationLibrary(context.Services.Store).Find(context.Spec.Pack, context.Control.Stop);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArtifactMissingException or ArtifactCorruptException)
        {
            return null; // a trained mapper is not lost for it: the report says that there is none
        }
    }
}
