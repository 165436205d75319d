using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Training.Domain;

namespace StyleClip.Training.Tests.Domain;

public sealed class DomainJudgeTests
{
    private static readonly DomainRecipe Probe = new();

    // Similarities 0.30, 0.32 ... 0.48: the lowest is 0.30 and the median 0.40, so that outside begins at 0.20.
    private static readonly PackCalibration Calibration = new()
    {
        Pack = Digest.Of("pack"u8),
        Probe = Probe,
        Prompts = [.. Enumerable.Range(0, 10).Select(i => new CalibrationPrompt($"prompt {i}", 0.1, 0.3 + (0.02 * ((i * 7) % 10))))],
        DeviceKind = "test",
        Build = "test",
    };

    [Theory]
    [InlineData(0.45, DomainVerdict.Inside)]
    [InlineData(0.301, DomainVerdict.Inside)]
    [InlineData(0.60, DomainVerdict.Inside)]
    [InlineData(0.299, DomainVerdict.Doubtful)]
    [InlineData(0.201, DomainVerdict.Doubtful)]
    [InlineData(0.199, DomainVerdict.Outside)]
    [InlineData(-0.1, DomainVerdict.Outside)]
    public void The_similarity_that_the_generator_comes_to_decides(double drawn, DomainVerdict expected)
    {
        DomainReport report = Judge(new DomainMeasurement(new DomainReach(0, drawn), new DomainReach(0, 0.3), null));

        Assert.Equal(expected, report.Verdict);
        Assert.Equal((10, 0.2, 0.3, 0.4, 0.48), Rounded(report.Reference!));
    }

    [Fact]
    public void A_large_gain_does_not_bring_a_prompt_inside()
    {
        DomainReport report = Judge(new DomainMeasurement(new DomainReach(-0.3, 0.1), new DomainReach(-0.5, 0.1), 0.1));

        Assert.Equal(DomainVerdict.Outside, report.Verdict);
        Assert.Equal(0.6, report.ReachableGain, 1e-12);
        Assert.Equal(1, report.ShareReached!.Value, 1e-12);
    }

    [Fact]
    public void Without_a_calibration_the_numbers_are_reported_and_no_verdict()
    {
        DomainReport report = DomainJudge.Judge(new DomainMeasurement(new DomainReach(0.1, 0.2), new DomainReach(0.1, 0.25), 0.2), Probe, null);

        Assert.Equal((DomainVerdict.Uncalibrated, null), (report.Verdict, report.Reference));
        Assert.Contains("The pack is not calibrated", report.Sentence, StringComparison.Ordinal);
        Assert.Contains("67% of the 0.150", report.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_calibration_that_was_measured_otherwise_is_not_compared_with()
    {
        DomainRecipe other = Probe with { Steps = 100 };
        DomainReport report = DomainJudge.Judge(new DomainMeasurement(new DomainReach(0.1, 0.2), new DomainReach(0.1, 0.2), null), other, (Calibration, Digest.Of("c"u8)));

        Assert.Equal((DomainVerdict.Uncalibrated, null), (report.Verdict, report.Reference));
        Assert.Contains("calibrated with 256 pictures, 4 latents and 30 steps; this was measured with 256 pictures, 4 latents and 100 steps", report.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_that_unedited_pictures_show_has_little_to_change()
    {
        DomainReport report = Judge(new DomainMeasurement(new DomainReach(0.34, 0.36), new DomainReach(0.31, 0.34), 0.33));

        Assert.Equal(DomainVerdict.Inside, report.Verdict);
        Assert.Contains("there is little to change", report.Sentence, StringComparison.Ordinal);
    }

    private static DomainReport Judge(DomainMeasurement measured) => DomainJudge.Judge(measured, Probe, (Calibration, Digest.Of("c"u8)));

    private static (int, double, double, double, double) Rounded(DomainReference reference) =>
        (reference.Prompts, Math.Round(reference.OutsideBelow, 9), Math.Round(reference.Lowest, 9), Math.Round(reference.Median, 9), Math.Round(reference.Highest, 9));
}
