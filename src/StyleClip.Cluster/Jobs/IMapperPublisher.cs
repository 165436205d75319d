using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Jobs;

/// <summary>Turns what training produced into a card, and into a catalogue entry where the gate holds.</summary>
internal interface IMapperPublisher
{
    /// <summary>Safe to repeat: the same result gives the same card and the same version.</summary>
    Task<(ArtifactRef Card, GateVerdict Verdict)> Publish(JobSpec spec, TrainingResult result, CancellationToken cancellationToken);
}
