using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Jobs;

/// <summary>What finished training produced; the parts are in the store.</summary>
[GenerateSerializer, Immutable]
public sealed record TrainingResult
{
    [Id(0)] public required ArtifactRef Mapper { get; init; }

    [Id(1)] public required ArtifactRef Strip { get; init; }

    /// <summary>Measured with the mapper above.</summary>
    [Id(2)] public required ValidationReport Metrics { get; init; }

    /// <summary>Updates done when training ended.</summary>
    [Id(3)] public required int Steps { get; init; }

    [Id(4)] public required string DeviceKind { get; init; }

    [Id(5)] public required string Build { get; init; }
}
