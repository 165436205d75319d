using StyleClip.Cli.Running.Display;
using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cli.Running;

/// <summary>The document that <c>run --output json</c> prints.</summary>
internal sealed record RunDocument
{
    public required SweepId Sweep { get; init; }

    public required SweepPhase Phase { get; init; }

    public required IReadOnlyList<RunDocumentJob> Jobs { get; init; }

    public static RunDocument Of(SweepStatus status, IReadOnlyList<JobResult> results) => new()
    {
        Sweep = status.Id,
        Phase = status.Phase,
        Jobs = [.. results.Select(RunDocumentJob.Of)],
    };
}

/// <summary>A job in a <see cref="RunDocument"/>. Members without a value are left out.</summary>
internal sealed record RunDocumentJob
{
    public required JobId Id { get; init; }

    public required string Prompt { get; init; }

    public required string Slug { get; init; }

    /// <summary>direction, optimization or table; absent for a mapper.</summary>
    public string? Method { get; init; }

    public required JobPhase Phase { get; init; }

    public string? Reason { get; init; }

    public required int Steps { get; init; }

    public double? ClipGain { get; init; }

    public double? IdentitySimilarity { get; init; }

    public DomainReport? Domain { get; init; }

    public required double Seconds { get; init; }

    /// <summary>The mapper, direction, latents or table.</summary>
    public RunDocumentMapper? Mapper { get; init; }

    public string? Card { get; init; }

    public string? Strip { get; init; }

    public static RunDocumentJob Of(JobResult result) => new()
    {
        Id = result.Job.Id,
        Prompt = result.Job.Prompt,
        Slug = result.Job.Slug,
        Method = MethodText.Of(result.Job) is var method && method == MethodText.Usual ? null : method,
        Phase = result.Job.Phase,
        Reason = result.Job.Reason,
        Steps = result.Job.Step,
        ClipGain = result.Job.Best?.ClipGain,
        IdentitySimilarity = result.Job.Best?.IdentitySimilarity,
        Domain = result.Job.Domain,
        Seconds = Math.Round(result.Job.DeviceSeconds, 3),
        Mapper = result is { MapperPath: { } path, Job.Mapper: { } mapper } ? new RunDocumentMapper(path, mapper.Digest.Hex, mapper.SizeBytes) : null,
        Card = result.CardPath,
        Strip = result.StripPath,
    };
}

/// <summary>A result file in a <see cref="RunDocument"/>.</summary>
/// <param name="Path">Where it was copied to.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record RunDocumentMapper(string Path, string Sha256, long Bytes);
