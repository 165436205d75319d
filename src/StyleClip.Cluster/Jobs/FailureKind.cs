namespace StyleClip.Cluster.Jobs;

/// <summary>Why a worker ended before its job did. Decides whether the job is tried again.</summary>
public enum FailureKind
{
    /// <summary>The node is gone or does not answer: tried again on another device.</summary>
    NodeLost,

    /// <summary>The device or its software failed: tried again, a limited number of times.</summary>
    Device,

    /// <summary>The artifact store could not be reached for long: tried again, a limited number of times.</summary>
    Store,

    /// <summary>The numbers went wrong (not finite, or diverging). The same work would give the same numbers: not tried again.</summary>
    Diverged,

    /// <summary>Pack, bank or checkpoint do not fit the job: not tried again.</summary>
    Input,
}
