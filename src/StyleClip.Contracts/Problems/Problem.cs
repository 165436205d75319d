using StyleClip.Contracts.Validation;

namespace StyleClip.Contracts.Problems;

/// <summary>Why a request was refused or failed: problem details as RFC 9457 has them, media type <c>application/problem+json</c>.</summary>
public sealed record Problem
{
    /// <summary>What kind of problem it is: one of <see cref="ProblemTypes"/>. Programs decide by it.</summary>
    public required string Type { get; init; }

    /// <summary>The kind in a few words, the same for every problem of the type.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong in this case, and what helps.</summary>
    public string? Detail { get; init; }

    /// <summary>Path of the request.</summary>
    public string? Instance { get; init; }

    /// <summary>Id under which the gateway's log and traces speak of the request.</summary>
    public string? TraceId { get; init; }

    /// <summary>Everything that is wrong with a sweep's spec, for <see cref="ProblemTypes.InvalidSpec"/>.</summary>
    public IReadOnlyList<SpecMistake>? Mistakes { get; init; }
}
