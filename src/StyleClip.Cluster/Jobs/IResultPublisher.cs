using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Jobs;

/// <summary>Turns what a job produced into a card, and into an entry of the catalogue or of the tables where nothing speaks against it.</summary>
internal interface IResultPublisher
{
    /// <summary>Safe to repeat: the same result gives the same card and the same version.</summary>
    Task<(ArtifactRef Card, GateVerdict Verdict)> Publish(JobSpec spec, TrainingResult result, CancellationToken cancellationToken);
}
