using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cli.Running.Display;

/// <summary>What a run shows while it runs and when it ends.</summary>
internal interface IRunDisplay
{
    /// <summary>Follows a sweep until it has ended or stands still.</summary>
    Task Watch(SweepStatus start, IAsyncEnumerable<SweepUpdate> updates);

    void Results(SweepStatus status, IReadOnlyList<JobResult> results);

    void Note(string text);

    void Error(string text);
}
