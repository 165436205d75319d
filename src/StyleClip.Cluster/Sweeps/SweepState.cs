using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Sweeps;

/// <summary>What a sweep must remember over a restart of everything; how its jobs stand, they remember themselves.</summary>
public sealed record SweepState
{
    public SweepPlan? Plan { get; init; }

    /// <summary>True from a pause until the sweep is resumed.</summary>
    public bool Paused { get; init; }

    public bool Cancelled { get; init; }
}
