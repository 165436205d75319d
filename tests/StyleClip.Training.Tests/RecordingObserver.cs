using StyleClip.Contracts.Jobs;
using StyleClip.Training.Mapping;

namespace StyleClip.Training.Tests;

/// <summary>Keeps everything that it hears, and can ask for a pause after a step.</summary>
public sealed class RecordingObserver : ITrainingObserver, IDisposable
{
    private readonly CancellationTokenSource _pause = new();

    public List<StepReport> Steps { get; } = [];

    public List<ValidationReport> Validations { get; } = [];

    public List<TrainingCheckpoint> Checkpoints { get; } = [];

    /// <summary>The step after which to pause; null for never.</summary>
    public int? PauseAfter { get; init; }

    /// <summary>Called after every step.</summary>
    public Action<int>? StepDone { get; init; }

    public CancellationToken Pause => _pause.Token;

    public void OnStep(StepReport report)
    {
        Steps.Add(report);
        StepDone?.Invoke(report.Step);
        if (report.Step == PauseAfter) _pause.Cancel();
    }

    public void OnValidation(ValidationReport report) => Validations.Add(report);

    public void OnCheckpoint(TrainingCheckpoint checkpoint) => Checkpoints.Add(checkpoint);

    public void Dispose() => _pause.Dispose();
}
