using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Scheduling;

/// <summary>A job's wish for a device: the first one, or while it runs for more.</summary>
/// <param name="Job">The job.</param>
/// <param name="SweepMaxDevices">Devices that the job's sweep may use at the same time; null: all.</param>
/// <param name="DeviceKind">The only kind that may continue the job's checkpoint or join the job; null: any.</param>
/// <param name="Priority">Jobs of a higher priority go first.</param>
/// <param name="MaxWidth">Most devices that the job can use at the same time: its micro-shards.</param>
/// <param name="Build">The only build that may join the job; null: any.</param>
/// <param name="Epoch">Epoch of the job when it wrote the ticket: one from before its newest device is out of date.</param>
/// <param name="FailedOn">Node on which the job failed last: it gets a device elsewhere, if one is free.</param>
[GenerateSerializer, Immutable]
public sealed record JobTicket(
    [property: Id(0)] JobKey Job,
    [property: Id(1)] int? SweepMaxDevices,
    [property: Id(2)] string? DeviceKind,
    [property: Id(3)] int Priority = 0,
    [property: Id(4)] int MaxWidth = 1,
    [property: Id(5)] string? Build = null,
    [property: Id(6)] long Epoch = 0,
    [property: Id(7)] string? FailedOn = null);
