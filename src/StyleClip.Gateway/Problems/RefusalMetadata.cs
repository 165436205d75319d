using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StyleClip.Contracts.Problems;

namespace StyleClip.Gateway.Problems;

/// <summary>Says in the API's description how an endpoint may refuse.</summary>
internal static class RefusalMetadata
{
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ReadOnlySpan<ProblemKind> kinds)
    {
        foreach (int status in kinds.ToArray().Select(kind => kind.Status).Distinct()) endpoint.Produces<Problem>(status, ProblemWriter.MediaType);
        return endpoint;
    }
}
