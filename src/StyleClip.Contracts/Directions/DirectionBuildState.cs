namespace StyleClip.Contracts.Directions;

/// <summary>How far a table is: the content of the document over which the processes that measure it share the work.</summary>
public sealed record DirectionBuildState
{
    /// <summary>The table.</summary>
    public required DirectionBuildRequest Request { get; init; }

    /// <summary>Most channels of a range, as the process that came first chose it.</summary>
    public required int RangeSize { get; init; }

    /// <summary>The channel statistics, which every range needs.</summary>
    public required DirectionBuildUnit Statistics { get; init; }

    /// <summary>The channel ranges in the table's order.</summary>
    public required IReadOnlyList<DirectionBuildUnit> Ranges { get; init; }

    /// <summary>Ranges that are in the store.</summary>
    public int RangesDone() => Ranges.Count(range => range.Artifact is not null);

    /// <summary>Seconds of all devices together on what is done.</summary>
    public double DeviceSeconds() => (Statistics.Seconds ?? 0) + Ranges.Sum(range => range.Seconds ?? 0);

    /// <summary>True where nothing is left but to put the ranges together.</summary>
    public bool IsMeasured() => Statistics.Artifact is not null && Ranges.All(range => range.Artifact is not null);
}
