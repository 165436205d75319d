using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Jobs;

/// <summary>Address of a job: two sweeps may ask for the same mapper and are still paused and cancelled apart.</summary>
[GenerateSerializer, Immutable]
public readonly record struct JobKey([property: Id(0)] string Sweep, [property: Id(1)] string Job)
{
    public static JobKey Of(SweepId sweep, JobId job) => new(sweep.Value, job.Value);

    /// <summary>Reads the form that <see cref="ToString"/> writes.</summary>
    public static JobKey Parse(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? new JobKey(key[..slash], key[(slash + 1)..]) : throw new FormatException($"'{key}' is not SWEEP/JOB.");
    }

    /// <summary>Key of the job's grain: <c>SWEEP/JOB</c>.</summary>
    public override string ToString() => $"{Sweep}/{Job}";
}
