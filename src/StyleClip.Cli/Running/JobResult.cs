using StyleClip.Contracts.Jobs;

namespace StyleClip.Cli.Running;

/// <summary>How a job stands and where its results were copied to.</summary>
internal sealed record JobResult
{
    public required JobStatus Job { get; init; }

    public required string? MapperPath { get; init; }

    public required string? CardPath { get; init; }

    public required string? StripPath { get; init; }
}
