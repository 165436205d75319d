using System.Threading.Channels;
using StyleClip.Contracts.Jobs;
using StyleClip.Training.Mapping;

namespace StyleClip.Node.Segments;

/// <summary>Takes what training tells on the device thread and hands it on without making training wait.</summary>
internal sealed class SegmentObserver(SegmentProgress progress) : ITrainingObserver
{
    // Storing a checkpoint may take longer than training to the next one: then the newer one replaces the one that waits.
    private readonly Channel<TrainingCheckpoint> _checkpoints = Channel.CreateBounded<TrainingCheckpoint>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true });

    public ChannelReader<TrainingCheckpoint> Checkpoints => _checkpoints.Reader;

    public void OnStep(StepReport report) => progress.Step = report;

    public void OnValidation(ValidationReport report) => progress.Validation = report;

    public void OnCheckpoint(TrainingCheckpoint checkpoint) => _checkpoints.Writer.TryWrite(checkpoint);

    /// <summary>Training has ended: no more checkpoints come.</summary>
    public void Complete() => _checkpoints.Writer.TryComplete();
}
