namespace StyleClip.Contracts.Jobs;

/// <summary>Questions about a <see cref="JobPhase"/>.</summary>
public static class JobPhases
{
    /// <summary>True where nothing more will happen by itself or by resuming.</summary>
    public static bool HasEnded(this JobPhase phase) =>
        phase is JobPhase.Succeeded or JobPhase.Rejected or JobPhase.Failed or JobPhase.Cancelled;

    /// <summary>True where a device works for the job.</summary>
    public static bool HoldsDevice(this JobPhase phase) => phase is JobPhase.Running or JobPhase.Pausing;
}
