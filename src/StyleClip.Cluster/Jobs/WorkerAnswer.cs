namespace StyleClip.Cluster.Jobs;

/// <summary>What a job answers to its worker's sign of life.</summary>
/// <param name="Order">Whether the worker goes on.</param>
/// <param name="View">Who works for the job now; null where the worker is not, or not yet, one of them.</param>
[GenerateSerializer, Immutable]
public sealed record WorkerAnswer([property: Id(0)] WorkerOrder Order, [property: Id(1)] JobView? View)
{
    /// <summary>The worker has lost the job.</summary>
    public static WorkerAnswer Abandon { get; } = new(WorkerOrder.Abandon, null);
}
