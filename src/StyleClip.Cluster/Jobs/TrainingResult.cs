using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Jobs;

/// <summary>What finished work produced; the parts are in the store.</summary>
[GenerateSerializer, Immutable]
public sealed record TrainingResult
{
    /// <summary>The mapper, direction, latents or direction table.</summary>
    [Id(0)] public required ArtifactRef Mapper { get; init; }

    /// <summary>Absent for a direction table.</summary>
    [Id(1)] public ArtifactRef? Strip { get; init; }

    /// <summary>Measured with the result above; absent for a direction table.</summary>
    [Id(2)] public ValidationReport? Metrics { get; init; }

    /// <summary>Updates done when the work ended.</summary>
    [Id(3)] public required int Steps { get; init; }

    [Id(4)] public required string DeviceKind { get; init; }

    [Id(5)] public required string Build { get; init; }

    /// <summary>Rows of the direction table, where the job measured one.</summary>
    [Id(6)] public int? TableRows { get; init; }

    /// <summary>Width of the direction table's rows, where the job measured one.</summary>
    [Id(7)] public int? TableFeatures { get; init; }

    /// <summary>
    /// Seconds of work since the newest checkpoint, or since the beginning where there is none; for a direction table those of all devices
    /// that measured it, whenever they did.
    /// </summary>
    [Id(8)] public double DeviceSeconds { get; init; }

    /// <summary>Whether the prompt is one that the generator can draw; absent where it was not asked.</summary>
    [Id(9)] public DomainReport? Domain { get; init; }
}
