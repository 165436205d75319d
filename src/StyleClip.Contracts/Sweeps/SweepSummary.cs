using StyleClip.Contracts.Jobs;

namespace StyleClip.Contracts.Sweeps;

/// <summary>A sweep in one line: how many jobs stand where.</summary>
public sealed record SweepSummary
{
    /// <summary>The sweep.</summary>
    public required SweepId Id { get; init; }

    /// <summary>Name given by the user.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required SweepPhase Phase { get; init; }

    /// <summary>Its priority, 0 to 100.</summary>
    public int Priority { get; init; }

    /// <summary>Jobs in each phase; phases without jobs are left out.</summary>
    public required IReadOnlyDictionary<JobPhase, int> Jobs { get; init; }
}
