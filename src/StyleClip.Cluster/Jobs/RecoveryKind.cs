namespace StyleClip.Cluster.Jobs;

/// <summary>Why a job that trained had to begin anew somewhere.</summary>
internal enum RecoveryKind
{
    /// <summary>A worker failed or was lost; counted from when that was noticed.</summary>
    Crash,

    /// <summary>A worker stopped because its node drains.</summary>
    Drain,

    /// <summary>A device joined or left a running job.</summary>
    Resize,
}
