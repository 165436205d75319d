using StyleClip.Contracts.Jobs;

namespace StyleClip.Contracts.Sweeps;

/// <summary>A change of a sweep, as a watcher receives it.</summary>
public sealed record SweepUpdate
{
    /// <summary>Cursor: watching from here gives what came later.</summary>
    public required long Sequence { get; init; }

    /// <summary>Where the sweep stands.</summary>
    public required SweepPhase Phase { get; init; }

    /// <summary>Jobs that changed, each with its newest status.</summary>
    public required IReadOnlyList<JobStatus> Jobs { get; init; }
}
