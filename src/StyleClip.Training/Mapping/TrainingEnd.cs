namespace StyleClip.Training.Mapping;

/// <summary>Why a run came back.</summary>
public enum TrainingEnd
{
    /// <summary>All steps are done.</summary>
    Finished,

    /// <summary>The validation objective stopped falling; what is left of the steps would not help.</summary>
    EarlyStopped,

    /// <summary>It was asked to pause; the last checkpoint continues it.</summary>
    Paused,

    /// <summary>The members of the job changed. The training is as it was after its last update and goes on with another exchange.</summary>
    Interrupted,

    /// <summary>A loss or gradient was not finite, or the objective grew past the guard; another try would do the same.</summary>
    Diverged,
}
