using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StyleClip.Contracts.Problems;

namespace StyleClip.Gateway.Problems;

/// <summary>Says in the API's description how an endpoint may refuse.</summary>
internal static class RefusalMetadata
{
    /// <summary>How every endpoint of a group may refuse.</summary>
    public static RouteGroupBuilder RefusesAlways(this RouteGroupBuilder group, params ReadOnlySpan<ProblemKind> kinds) =>
        group.WithMetadata([.. kinds.ToArray().Select(kind => new ProducesResponseTypeMetadata(kind.Status, typeof(Problem), [ProblemWriter.MediaType]))]);

    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ReadOnlySpan<ProblemKind> kinds)
    {
        foreach (int status in kinds.ToArray().Select(kind => kind.Status).Distinct()) endpoint.Produces<Problem>(status, ProblemWriter.MediaType);
        return endpoint;
    }
}
