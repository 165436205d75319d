using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Gateway.Problems;

/// <summary>Turns exceptions and bare statuses into problems.</summary>
internal sealed partial class Failures(ILogger<Failures> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        (ProblemKind kind, string detail) = Describe(exception);
        if (kind.Status >= StatusCodes.Status500InternalServerError) LogFailure(httpContext.Request.Method, httpContext.Request.Path, exception);
        await ProblemWriter.Write(httpContext, kind, detail).ConfigureAwait(false);
        return true;
    }

    /// <summary>Gives a body to statuses that the server itself answers with, such as 404 for an address that does not exist.</summary>
    public static Task DescribeStatus(StatusCodeContext context)
    {
        HttpContext http = context.HttpContext;
        ProblemKind kind = ProblemKind.OfStatus(http.Response.StatusCode);
        return ProblemWriter.Write(http, kind, kind == ProblemKind.NotFound
            ? $"The gateway has nothing at {http.Request.Path}."
            : $"{http.Request.Method} {http.Request.Path}: {ReasonPhrases.GetReasonPhrase(kind.Status)}.");
    }

    private static (ProblemKind Kind, string Detail) Describe(Exception exception) => exception switch
    {
        BadHttpRequestException bad => (ProblemKind.OfStatus(bad.StatusCode), bad.Message),
        ArtifactMissingException missing => (ProblemKind.NotFound, $"There is no artifact {missing.Digest}."),
        ArtifactCorruptException or InvalidDataException => (ProblemKind.DamagedArtifact, "What the store holds is damaged; the gateway's log says more."),
        TimeoutException or OrleansException => (ProblemKind.ClusterUnavailable, "No node answered in time. The request may be sent again: nothing is done twice."),
        IOException => (ProblemKind.StoreUnavailable, "The artifact store did not answer. The request may be sent again: nothing is done twice."),
        _ => (ProblemKind.Internal, "The gateway failed; its log says more under the trace id."),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailure(string method, PathString path, Exception exception);
}
