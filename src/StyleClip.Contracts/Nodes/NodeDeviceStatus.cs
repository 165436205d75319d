using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Contracts.Nodes;

/// <summary>What outsiders see of a device.</summary>
public sealed record NodeDeviceStatus
{
    /// <summary>Number of the device on its node, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Its kind: devices of one kind and build compute the same bytes.</summary>
    public required string Kind { get; init; }

    /// <summary>Sweep of the job that it works for; absent where it is free.</summary>
    public SweepId? Sweep { get; init; }

    /// <summary>Job that it works for; absent where it is free.</summary>
    public JobId? Job { get; init; }
}
