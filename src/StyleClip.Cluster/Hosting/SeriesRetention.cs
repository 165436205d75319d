namespace StyleClip.Cluster.Hosting;

/// <summary>How long metrics of what has ended are shown: long enough for the last values to be scraped and seen, not for ever.</summary>
/// <param name="AfterEnd">Time from the end of a job or a sweep to the end of its series.</param>
public sealed record SeriesRetention(TimeSpan AfterEnd)
{
    /// <summary>One hour.</summary>
    public static SeriesRetention Default { get; } = new(TimeSpan.FromHours(1));
}
