using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Scheduling;

/// <summary>A job's wish for a device.</summary>
/// <param name="Job">The job.</param>
/// <param name="SweepMaxDevices">Devices that the job's sweep may use at the same time; null: all.</param>
/// <param name="DeviceKind">The only kind that may continue the job's checkpoint; null: any.</param>
[GenerateSerializer, Immutable]
public sealed record JobTicket(
    [property: Id(0)] JobKey Job,
    [property: Id(1)] int? SweepMaxDevices,
    [property: Id(2)] string? DeviceKind);
