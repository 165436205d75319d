using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Problems;
using StyleClip.Contracts.Validation;

namespace StyleClip.Gateway.Problems;

/// <summary>Answers a request with a problem: the only form in which the gateway says no.</summary>
internal static class ProblemWriter
{
    public const string MediaType = "application/problem+json";

    private const int RetryAfterSeconds = 2;

    public static Task Write(HttpContext context, ProblemKind kind, string? detail, IReadOnlyList<SpecMistake>? mistakes = null)
    {
        HttpResponse response = context.Response;
        response.StatusCode = kind.Status;
        response.Headers.ETag = default;
        response.Headers.CacheControl = "no-store";
        if (kind.Status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(context.Request.Method)) return Task.CompletedTask;
        var problem = new Problem
        {
            Type = kind.Type,
            Title = kind.Title,
            Status = kind.Status,
            Detail = detail,
            Instance = context.Request.Path,
            TraceId = Activity.Current?.Id ?? context.TraceIdentifier,
            Mistakes = mistakes,
        };
        return response.WriteAsJsonAsync(problem, ContractJson.Options, MediaType, context.RequestAborted);
    }
}
