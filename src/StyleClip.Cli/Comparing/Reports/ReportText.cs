using System.Globalization;
using StyleClip.Contracts.Comparisons;

namespace StyleClip.Cli.Comparing.Reports;

/// <summary>The numbers that matter most, for a terminal.</summary>
internal static class ReportText
{
    public static void Write(TextWriter output, ComparisonReport report)
    {
        foreach (ComparisonResult prompt in report.Prompts)
        {
            output.WriteLine($"{prompt.Prompt}:");
            foreach (ComparisonCell cell in prompt.Cells) output.WriteLine($"  {MethodTitle.Of(cell.Method),-17} {Numbers(cell)}");
        }
    }

    private static string Numbers(ComparisonCell cell) => cell.Mean is not { } mean
        ? cell.Reason ?? "no result"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"CLIP gain {mean.ClipGain:+0.000;-0.000;0.000}, directional {mean.DirectionalSimilarity ?? 0:0.000}{(mean.IdentitySimilarity is { } identity ? string.Create(CultureInfo.InvariantCulture, $", identity {identity:0.000}") : "")}, pixel distance {mean.PixelDistance:0.000}");
}
