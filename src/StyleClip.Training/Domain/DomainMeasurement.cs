using StyleClip.Contracts.Jobs;

namespace StyleClip.Training.Domain;

/// <summary>What a probe found out about a prompt.</summary>
/// <param name="Drawn">The generator's nearest pictures, and what optimising made of them.</param>
/// <param name="Edited">Held-out pictures, and what optimising made of them.</param>
/// <param name="MapperSimilarity">Of what a mapper makes of the held-out pictures; null without a mapper.</param>
public sealed record DomainMeasurement(DomainReach Drawn, DomainReach Edited, double? MapperSimilarity)
{
    /// <summary>Measures a prompt on the calling thread.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="prompt">The prompt.</param>
    public static DomainMeasurement Of(DomainProbe probe, string prompt)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return new DomainMeasurement(probe.Draw(prompt), probe.Edit(prompt), null);
    }

    /// <summary>Measures the prompt of a job and the mapper that it trained, on the calling thread.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="job">The job.</param>
    /// <param name="mapper">The mapper's file.</param>
    public static DomainMeasurement Of(DomainProbe probe, JobSpec job, byte[] mapper)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(job);
        return Of(probe, job.Prompt) with { MapperSimilarity = probe.Edit(job, mapper) };
    }
}
