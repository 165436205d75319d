using StyleClip.Contracts.Jobs;

namespace StyleClip.Training.Mapping;

/// <summary>Hears what a training does. It is called on the device thread and must not block it.</summary>
public interface ITrainingObserver
{
    /// <summary>An update was done.</summary>
    /// <param name="report">What it measured.</param>
    void OnStep(StepReport report);

    /// <summary>The held-out latents were measured.</summary>
    /// <param name="report">What they say.</param>
    void OnValidation(ValidationReport report);

    /// <summary>A checkpoint was made.</summary>
    /// <param name="checkpoint">The checkpoint, to be stored; training does not wait for that.</param>
    void OnCheckpoint(TrainingCheckpoint checkpoint);
}
