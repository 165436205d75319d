using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Nodes;

/// <summary>A stretch of a job's training on one device, from the grant of the device until it ends or is stopped.</summary>
[GenerateSerializer, Immutable]
public sealed record SegmentRequest
{
    [Id(0)] public required JobKey Job { get; init; }

    /// <summary>The grant. It names the segment.</summary>
    [Id(1)] public required DeviceLease Lease { get; init; }

    [Id(2)] public required JobSpec Spec { get; init; }

    /// <summary>Whom the segment works with; absent where it gets ready first and then joins a job that runs.</summary>
    [Id(3)] public JobView? View { get; init; }

    /// <summary>Manifest to continue from; absent: from the start, or from the state of the members that it joins.</summary>
    [Id(4)] public ArtifactRef? Checkpoint { get; init; }
}
