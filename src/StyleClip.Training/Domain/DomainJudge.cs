using System.Globalization;
using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;

namespace StyleClip.Training.Domain;

/// <summary>
/// Says whether a prompt is one that the generator can draw: by the similarity that it comes to, not by the gain, which is large too where
/// pictures begin far away and end half way. Of n + 1 prompts that it draws, each is as likely the lowest: a prompt like the n of the
/// calibration falls below all of them in one of n + 1 cases, and is doubtful then, not outside.
/// </summary>
public static class DomainJudge
{
    /// <summary>Reachable gain below which a prompt asks for next to nothing: the unedited pictures show it.</summary>
    public const double LittleGain = 0.05;

    /// <summary>What a probe's numbers mean.</summary>
    /// <param name="measured">The numbers.</param>
    /// <param name="probe">How they were measured.</param>
    /// <param name="calibration">The pack's calibration with its digest; null where it has none.</param>
    public static DomainReport Judge(DomainMeasurement measured, DomainRecipe probe, (PackCalibration Content, Digest Digest)? calibration)
    {
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(probe);
        DomainReference? reference = calibration is { } found && found.Content.Probe == probe ? Reference(found.Content, found.Digest) : null;
        var report = new DomainReport
        {
            Verdict = Verdict(measured.Drawn.After, reference),
            Sentence = "",
            Probe = probe,
            FoundSimilarity = measured.Drawn.Before,
            DrawnSimilarity = measured.Drawn.After,
            SourceSimilarity = measured.Edited.Before,
            ReachedSimilarity = measured.Edited.After,
            MapperSimilarity = measured.MapperSimilarity,
            Reference = reference,
        };
        return report with { Sentence = string.Join(' ', Sentences(report, calibration?.Content)) };
    }

    /// <summary>The limits that follow from a calibration.</summary>
    /// <param name="calibration">The calibration.</param>
    /// <param name="digest">Its digest.</param>
    public static DomainReference Reference(PackCalibration calibration, Digest digest)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        double[] drawn = [.. calibration.Prompts.Select(prompt => prompt.DrawnSimilarity).Order()];
        double median = drawn[drawn.Length / 2];
        return new DomainReference
        {
            Prompts = drawn.Length,
            OutsideBelow = drawn[0] - (median - drawn[0]),
            Lowest = drawn[0],
            Median = median,
            Highest = drawn[^1],
            Calibration = digest,
        };
    }

    private static DomainVerdict Verdict(double similarity, DomainReference? reference) =>
        reference is null ? DomainVerdict.Uncalibrated
        : similarity < reference.OutsideBelow ? DomainVerdict.Outside
        : similarity < reference.Lowest ? DomainVerdict.Doubtful
        : DomainVerdict.Inside;

    private static IEnumerable<string> Sentences(DomainReport report, PackCalibration? calibration)
    {
        string drawn = Text($"The generator comes to a similarity of {report.DrawnSimilarity:0.000}");
        string range = report.Reference is { } reference ? Text($"the {reference.Prompts} prompts that it is known to draw come to {reference.Lowest:0.000} to {reference.Highest:0.000}") : "";
        yield return report.Verdict switch
        {
            DomainVerdict.Inside => $"{drawn}; {range}.",
            DomainVerdict.Doubtful => $"{drawn}; {range}: it may draw this one in part only.",
            DomainVerdict.Outside => $"{drawn}; {range}: it seems unable to draw this one.",
            _ => $"{drawn}. {Missing(report.Probe, calibration)}",
        };
        if (report.ReachableGain < LittleGain)
            yield return Text($"Unedited pictures have {report.SourceSimilarity:0.000}, optimised ones {report.ReachedSimilarity:0.000}: there is little to change.");
        else if (report.ShareReached is { } share)
            yield return Text($"The mapper gains {report.MapperGain:+0.000;-0.000}, {share:0%} of the {report.ReachableGain:0.000} that optimising each picture gains.");
    }

    private static string Missing(DomainRecipe probe, PackCalibration? calibration) => calibration is null
        ? "The pack is not calibrated: there is nothing to compare this with."
        : $"The pack is calibrated with {Settings(calibration.Probe)}; this was measured with {Settings(probe)}, which does not compare.";

    private static string Settings(DomainRecipe probe) => Text($"{probe.Pictures} pictures, {probe.Latents} latents and {probe.Steps} steps");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
