using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Contracts.Jobs;

/// <summary>What outsiders see of a job.</summary>
public sealed record JobStatus
{
    /// <summary>The job.</summary>
    public required JobId Id { get; init; }

    /// <summary>The sweep it belongs to.</summary>
    public required SweepId Sweep { get; init; }

    /// <summary>The prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>The prompt as a name.</summary>
    public required string Slug { get; init; }

    /// <summary>Where it stands.</summary>
    public required JobPhase Phase { get; init; }

    /// <summary>Why it stands there, where that needs saying.</summary>
    public string? Reason { get; init; }

    /// <summary>Fencing number, raised at every change of ownership.</summary>
    public required long Epoch { get; init; }

    /// <summary>Updates done, as last reported.</summary>
    public required int Step { get; init; }

    /// <summary>Updates that the recipe asks for.</summary>
    public required int StepsTarget { get; init; }

    /// <summary>Updates per second, smoothed; absent while it does not run.</summary>
    public double? StepsPerSecond { get; init; }

    /// <summary>Device that works for it, the leader's where there are several.</summary>
    public string? Device { get; init; }

    /// <summary>Devices that work for it.</summary>
    public int Width { get; init; }

    /// <summary>Times it was started again after a failure.</summary>
    public int Restarts { get; init; }

    /// <summary>Newest step report.</summary>
    public StepReport? LastStep { get; init; }

    /// <summary>Newest validation.</summary>
    public ValidationReport? LastValidation { get; init; }

    /// <summary>Validation of the mapper that is or would be published.</summary>
    public ValidationReport? Best { get; init; }

    /// <summary>Seconds that devices worked for it, all tries together.</summary>
    public double DeviceSeconds { get; init; }

    /// <summary>Step of the newest checkpoint; 0 without one.</summary>
    public int CheckpointStep { get; init; }

    /// <summary>The published (or rejected) mapper's card.</summary>
    public ArtifactRef? Card { get; init; }

    /// <summary>The published (or rejected) mapper.</summary>
    public ArtifactRef? Mapper { get; init; }

    /// <summary>Newest before/after picture.</summary>
    public ArtifactRef? Strip { get; init; }

    /// <summary>How the edit is made; absent: by a mapper.</summary>
    public EditMethod? Method { get; init; }

    /// <summary>The direction table that the job measures; absent for jobs that make an edit.</summary>
    public DirectionTableSpec? Table { get; init; }

    /// <summary>Whether the prompt is one that the generator can draw; absent before training ends, and where it was not asked.</summary>
    public DomainReport? Domain { get; init; }
}
