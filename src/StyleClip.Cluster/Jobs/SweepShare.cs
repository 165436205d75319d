namespace StyleClip.Cluster.Jobs;

/// <summary>What a job's sweep says of devices.</summary>
[GenerateSerializer, Immutable]
public sealed record SweepShare
{
    /// <summary>Devices that the sweep may use at the same time; null: all.</summary>
    [Id(0)] public int? MaxDevices { get; init; }

    /// <summary>Sweeps of higher priority get devices first.</summary>
    [Id(1)] public int Priority { get; init; }
}
