namespace StyleClip.Cluster.Scheduling;

/// <summary>What the scheduler knows of a device.</summary>
internal enum DeviceUse
{
    /// <summary>Works for nobody.</summary>
    Free,

    /// <summary>Was offered to a job that has not answered yet.</summary>
    Offered,

    /// <summary>Works for a job.</summary>
    Held,

    /// <summary>An offer went wrong: what the device does is known when its node speaks next.</summary>
    Unsure,
}
