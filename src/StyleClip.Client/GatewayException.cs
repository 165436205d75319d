using System.Net;
using StyleClip.Contracts.Problems;

namespace StyleClip.Client;

/// <summary>The gateway refused a request, or failed at it.</summary>
public sealed class GatewayException : Exception
{
    /// <summary>A refusal with its problem details.</summary>
    /// <param name="problem">What the gateway said.</param>
    public GatewayException(Problem problem)
        : base(problem.Detail ?? problem.Title) => Problem = problem;

    /// <summary>What the gateway said. Decide by <see cref="Contracts.Problems.Problem.Type"/>: <see cref="ProblemTypes"/>.</summary>
    public Problem Problem { get; }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode StatusCode => (HttpStatusCode)Problem.Status;
}
