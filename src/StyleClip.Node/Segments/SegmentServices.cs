using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Gradients;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Checkpoints;

namespace StyleClip.Node.Segments;

/// <summary>What every segment of a node uses.</summary>
internal sealed record SegmentServices(
    IGrainFactory Grains,
    IArtifactStore Store,
    CheckpointStore Checkpoints,
    MemberInboxes Inboxes,
    IMemberLink Link,
    TimeProvider Time,
    ILogger<Segment> Logger);
