using Microsoft.AspNetCore.Http;
using StyleClip.Contracts.Validation;

namespace StyleClip.Gateway.Problems;

/// <summary>An endpoint's refusal.</summary>
internal sealed class ProblemResult(ProblemKind kind, string detail, IReadOnlyList<SpecMistake>? mistakes = null) : IResult
{
    public static ProblemResult NotFound(string what, object name) => new(ProblemKind.NotFound, $"There is no {what} {name}.");

    public Task ExecuteAsync(HttpContext httpContext) => ProblemWriter.Write(httpContext, kind, detail, mistakes);
}
