using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;

namespace StyleClip.Contracts.Jobs;

/// <summary>A job that a spec expands to.</summary>
public sealed record JobOutline
{
    /// <summary>The id: a hash of everything that the mapper depends on.</summary>
    public required JobId Id { get; init; }

    /// <summary>The prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>The prompt as a name.</summary>
    public required string Slug { get; init; }

    /// <summary>Name of the recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary>Updates to do.</summary>
    public required int Steps { get; init; }

    /// <summary>How the edit is made; absent: by a mapper.</summary>
    public EditMethod? Method { get; init; }

    /// <summary>The direction table that the job measures; absent for jobs that make an edit.</summary>
    public DirectionTableSpec? Table { get; init; }

    /// <summary>The outline of a job's spec.</summary>
    public static JobOutline Of(JobSpec spec) => new()
    {
        Id = JobId.Of(spec),
        Prompt = spec.Prompt,
        Slug = spec.Slug(),
        Recipe = spec.Recipe.Name,
        Steps = spec.Recipe.Steps,
        Method = spec.Method,
        Table = spec.Table,
    };
}
