using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using StyleClip.Contracts.Packs;
using StyleClip.Gateway.Security;
using StyleClip.Storage.Packs;

namespace StyleClip.Gateway.Packs;

/// <summary><c>/v1/packs</c>.</summary>
internal static class PacksApi
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/packs", List)
        .Needs(ApiRole.Read).WithName("listPacks").WithTags("packs")
        .WithSummary("List the packs that sweeps can name.");

    private static async Task<Ok<List<PackSummary>>> List(PackLibrary packs, CancellationToken cancellationToken)
    {
        var summaries = new List<PackSummary>();
        await foreach (PackPointer pack in packs.List(cancellationToken).ConfigureAwait(false))
            summaries.Add(PackSummary.Of(pack.Name, pack.Pack, await packs.Read(pack.Pack, cancellationToken).ConfigureAwait(false)));
        return TypedResults.Ok(summaries);
    }
}
