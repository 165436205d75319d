using System.Collections.Immutable;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Jobs;

/// <summary>What a job must remember over a restart of everything. Changed only by <see cref="JobTransitions"/>.</summary>
public sealed record JobState
{
    public JobSpec? Spec { get; init; }

    public JobPhase Phase { get; init; } = JobPhase.Pending;

    /// <summary>Raised whenever the job changes hands, so that words of an earlier owner can be told apart.</summary>
    public long Epoch { get; init; }

    /// <summary>The leader's device while <see cref="JobPhases.HoldsDevice"/>.</summary>
    public DeviceLease? Lease { get; init; }

    /// <summary>Devices of the other members, in the order in which they joined.</summary>
    public ImmutableArray<DeviceLease> Followers { get; init; } = [];

    /// <summary>Newest complete checkpoint.</summary>
    public ArtifactRef? Checkpoint { get; init; }

    public int CheckpointStep { get; init; }

    /// <summary>Kind of the device that wrote <see cref="Checkpoint"/>; only this kind may continue it.</summary>
    public string? DeviceKind { get; init; }

    /// <summary>Times that the job was started again after a failure.</summary>
    public int Restarts { get; init; }

    /// <summary>Failures since the newest checkpoint: a job that gets on is not given up.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>The newest failure.</summary>
    public FailureKind? Failure { get; init; }

    public string? Reason { get; init; }

    public ValidationReport? LastValidation { get; init; }

    public ValidationReport? Best { get; init; }

    public ArtifactRef? Strip { get; init; }

    /// <summary>What training produced, from the end of training on.</summary>
    public TrainingResult? Result { get; init; }

    public ArtifactRef? Card { get; init; }

    /// <summary>The newest lines of the job's log, oldest first.</summary>
    public IReadOnlyList<JobLogEntry> Log { get; init; } = [];

    /// <summary>Who works for the job; null where nobody does.</summary>
    public JobView? View() => Lease is null ? null : new JobView(Epoch, [Lease, .. Followers]);

    /// <summary>Seconds of ended and checkpointed work.</summary>
    public double DeviceSeconds { get; init; }
}
