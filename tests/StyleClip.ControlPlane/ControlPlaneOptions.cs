namespace StyleClip.ControlPlane;

/// <summary>How large a simulation is.</summary>
internal sealed record ControlPlaneOptions
{
    /// <summary>Sweeps that the jobs are spread over.</summary>
    public int Sweeps { get; init; } = 1;

    /// <summary>Jobs, all sweeps together.</summary>
    public int Jobs { get; init; } = 10_000;

    /// <summary>Simulated nodes.</summary>
    public int Nodes { get; init; } = 200;

    public int DevicesPerNode { get; init; } = 1;

    /// <summary>Silos that the nodes are spread over, all in this process, connected by TCP.</summary>
    public int Silos { get; init; } = 2;

    /// <summary>Folder of the store; null: in memory.</summary>
    public string? Store { get; init; }

    /// <summary>Progress reports of a job.</summary>
    public int Reports { get; init; } = 6;

    /// <summary>Checkpoints of a job, before the last one.</summary>
    public int Checkpoints { get; init; } = 2;

    /// <summary>Time between two reports of a job; zero: as fast as the control plane answers.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.Zero;

    /// <summary>Devices that a sweep may use; null: all.</summary>
    public int? MaxDevices { get; init; }

    /// <summary>Micro-shards of a job: how wide it may be.</summary>
    public int MicroShards { get; init; } = 1;

    /// <summary>Share of segments that fail at some report, 0 to 1.</summary>
    public double FailureRate { get; init; }

    public int Seed { get; init; } = 1;
}
