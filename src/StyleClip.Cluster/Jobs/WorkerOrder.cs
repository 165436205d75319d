namespace StyleClip.Cluster.Jobs;

/// <summary>What a job answers to its worker's sign of life.</summary>
public enum WorkerOrder
{
    /// <summary>Go on.</summary>
    Continue,

    /// <summary>Write a checkpoint and stop.</summary>
    Stop,

    /// <summary>The job belongs to somebody else: stop and write nothing.</summary>
    Abandon,
}
