using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Nodes;

/// <summary>A stretch of a job's training on one device: from a checkpoint (or the start) until it ends or is stopped.</summary>
[GenerateSerializer, Immutable]
public sealed record SegmentRequest
{
    [Id(0)] public required JobKey Job { get; init; }

    [Id(1)] public required long Epoch { get; init; }

    [Id(2)] public required JobSpec Spec { get; init; }

    [Id(3)] public required DeviceLease Lease { get; init; }

    /// <summary>Manifest to continue from; absent: from the start.</summary>
    [Id(4)] public ArtifactRef? Checkpoint { get; init; }
}
