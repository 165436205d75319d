using System.Globalization;

namespace StyleClip.Cli.Directions;

/// <summary>A build at one moment.</summary>
internal sealed record BuildView
{
    public required bool HasStatistics { get; init; }

    /// <summary>Samples drawn by this process for the statistics.</summary>
    public required long Samples { get; init; }

    public required int SamplesTotal { get; init; }

    /// <summary>Ranges that are done, whoever measured them.</summary>
    public required int Ranges { get; init; }

    public required int RangesTotal { get; init; }

    /// <summary>Ranges that are being measured, by this process or others.</summary>
    public required int Claimed { get; init; }

    public required long Images { get; init; }

    public required long ImagesTotal { get; init; }

    /// <summary>This process's own speed.</summary>
    public required double ImagesPerSecond { get; init; }

    public double Share => (double)Images / Math.Max(1, ImagesTotal);

    /// <summary>One line for people.</summary>
    public override string ToString() => HasStatistics
        ? string.Create(CultureInfo.InvariantCulture, $"{Ranges} of {RangesTotal} ranges, {Claimed} at work, {100 * Share:0.0} %, {ImagesPerSecond:0.0} images/s here, left {Left()}")
        : string.Create(CultureInfo.InvariantCulture, $"channel statistics, {Samples:N0} of {SamplesTotal:N0} samples");

    private string Left()
    {
        if (ImagesPerSecond < 0.05) return "-";
        return TimeSpan.FromSeconds(Math.Min(8e6, (ImagesTotal - Images) / ImagesPerSecond)).ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);
    }
}
