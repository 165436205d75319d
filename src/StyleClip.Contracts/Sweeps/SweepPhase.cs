namespace StyleClip.Contracts.Sweeps;

/// <summary>Where a sweep stands.</summary>
public enum SweepPhase
{
    /// <summary>Jobs wait or run.</summary>
    Running,

    /// <summary>Was asked to pause; some jobs are still writing checkpoints.</summary>
    Pausing,

    /// <summary>Stands still until it is resumed.</summary>
    Paused,

    /// <summary>Every job has ended.</summary>
    Ended,
}
