namespace StyleClip.Contracts.Jobs;

/// <summary>Where a job stands.</summary>
public enum JobPhase
{
    /// <summary>Waits for its bank or for a device.</summary>
    Pending,

    /// <summary>Runs on a device.</summary>
    Running,

    /// <summary>Was asked to pause and is writing its checkpoint.</summary>
    Pausing,

    /// <summary>Stands still, its state in the store.</summary>
    Paused,

    /// <summary>Training has ended; the mapper is being published.</summary>
    Publishing,

    /// <summary>The mapper is in the catalogue.</summary>
    Succeeded,

    /// <summary>Training ended, but the best candidate did not reach the gate; it is kept, not published.</summary>
    Rejected,

    /// <summary>Ended with a reason that another try would not mend, or after too many tries.</summary>
    Failed,

    /// <summary>Ended by a user.</summary>
    Cancelled,
}
