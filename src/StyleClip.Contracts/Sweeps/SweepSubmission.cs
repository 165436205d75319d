namespace StyleClip.Contracts.Sweeps;

/// <summary>What submitting a spec has done. The same spec is the same sweep: submitting it again starts only what is missing.</summary>
public sealed record SweepSubmission
{
    /// <summary>The sweep.</summary>
    public required SweepSummary Sweep { get; init; }

    /// <summary>True where the cluster had not known the sweep before.</summary>
    public required bool Created { get; init; }

    /// <summary>Jobs that go on because of this request: all of a new sweep, the paused ones of a known one.</summary>
    public required int JobsStarted { get; init; }
}
