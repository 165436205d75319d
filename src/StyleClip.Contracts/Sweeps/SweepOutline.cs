using StyleClip.Contracts.Jobs;

namespace StyleClip.Contracts.Sweeps;

/// <summary>What a spec expands to, without submitting it.</summary>
public sealed record SweepOutline
{
    /// <summary>The id that the sweep has or would have.</summary>
    public required SweepId Id { get; init; }

    /// <summary>True where the cluster knows the sweep already.</summary>
    public required bool Exists { get; init; }

    /// <summary>Its jobs, in the user's order.</summary>
    public required IReadOnlyList<JobOutline> Jobs { get; init; }
}
