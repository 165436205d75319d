namespace StyleClip.Contracts.Jobs;

/// <summary>A line of a job's log: a change of phase, of owner or of width, a failure.</summary>
public sealed record JobLogEntry
{
    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Fencing number of the job from then on.</summary>
    public required long Epoch { get; init; }

    /// <summary>Updates done, as far as the job knew.</summary>
    public required int Step { get; init; }

    /// <summary>What happened.</summary>
    public required string Message { get; init; }
}
