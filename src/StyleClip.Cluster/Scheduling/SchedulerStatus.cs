namespace StyleClip.Cluster.Scheduling;

/// <summary>What outsiders see of the scheduler.</summary>
[GenerateSerializer, Immutable]
public sealed record SchedulerStatus
{
    [Id(0)] public required int Devices { get; init; }

    [Id(1)] public required int BusyDevices { get; init; }

    [Id(2)] public required int QueuedJobs { get; init; }
}
