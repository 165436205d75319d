using StyleClip.Contracts.Jobs;

namespace StyleClip.Contracts.Sweeps;

/// <summary>What outsiders see of a sweep.</summary>
public sealed record SweepStatus
{
    /// <summary>The sweep.</summary>
    public required SweepId Id { get; init; }

    /// <summary>Name given by the user.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required SweepPhase Phase { get; init; }

    /// <summary>Its jobs, in the user's order.</summary>
    public required IReadOnlyList<JobStatus> Jobs { get; init; }
}
