namespace StyleClip.Contracts.Sweeps;

/// <summary>A part of the list of sweeps, in ordinal order of their ids.</summary>
public sealed record SweepPage
{
    /// <summary>The sweeps.</summary>
    public required IReadOnlyList<SweepSummary> Items { get; init; }

    /// <summary>Ask for sweeps after this one to go on; absent at the end of the list.</summary>
    public SweepId? Next { get; init; }
}
