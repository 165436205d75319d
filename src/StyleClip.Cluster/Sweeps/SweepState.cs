using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Sweeps;

/// <summary>What a sweep must remember over a restart of everything; how its jobs stand, they remember themselves.</summary>
public sealed record SweepState
{
    /// <summary>The plan: an artifact, because it may be large and never changes while the rest does.</summary>
    public ArtifactRef? PlanArtifact { get; init; }

    /// <summary>The plan as stores of earlier versions have it.</summary>
    public SweepPlan? Plan { get; init; }

    /// <summary>True from a pause until the sweep is resumed.</summary>
    public bool Paused { get; init; }

    public bool Cancelled { get; init; }

    /// <summary>False from a wish until every job has been told of it.</summary>
    public bool IsTold { get; init; }

    /// <summary>Jobs by phase, once all have ended: then nobody needs to be asked for them.</summary>
    public IReadOnlyDictionary<JobPhase, int>? Ended { get; init; }
}
