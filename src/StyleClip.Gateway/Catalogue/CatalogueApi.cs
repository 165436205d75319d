using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Gateway.Problems;
using StyleClip.Gateway.Security;
using StyleClip.Storage.Artifacts;
using Mappers = StyleClip.Storage.Catalogue.Catalogue;

namespace StyleClip.Gateway.Catalogue;

/// <summary><c>/v1/catalogue</c>: the published mappers. Names may move, so they are cached for seconds; versions never change.</summary>
internal static class CatalogueApi
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public static void Map(IEndpointRouteBuilder api)
    {
        RouteGroupBuilder catalogue = api.MapGroup("/catalogue").WithTags("catalogue");
        catalogue.MapGet("", List).Needs(ApiRole.Read).WithName("listMappers")
            .WithSummary("List the published mappers, in the order of their slugs.")
            .Produces<CataloguePage>().Refuses(ProblemKind.InvalidRequest);
        Read(catalogue, "/{slug:name}", Entry).WithName("getMapper")
            .WithSummary("Every version of a prompt's mapper.")
            .Produces<CatalogueEntry>();
        Read(catalogue, "/{slug:name}/versions/{number:int}", Version).WithName("getMapperVersion")
            .WithSummary("The card of one version.")
            .WithDescription("The bytes are those of the stored card: their sha256 is the digest that the entry names, and the ETag. A version never changes.")
            .Produces<MapperCard>();
        Read(catalogue, "/{slug:name}/versions/latest", Latest).WithName("getLatestMapperVersion")
            .WithSummary("The card of the newest version.")
            .Produces<MapperCard>();
        Read(catalogue, "/digests/{digest:digest}", ByDigest).WithName("getMapperByDigest")
            .WithSummary("The card of the version whose card or mapper has this digest.")
            .Produces<MapperCard>();
    }

    private static RouteHandlerBuilder Read(RouteGroupBuilder catalogue, string pattern, Delegate handler) =>
        catalogue.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], handler).Needs(ApiRole.Read)
            .Produces(StatusCodes.Status304NotModified).Refuses(ProblemKind.NotFound);

    private static async Task<IResult> List(Mappers catalogue, CancellationToken cancellationToken, int limit = DefaultLimit, string? after = null)
    {
        if (limit is < 1 or > MaxLimit) return new ProblemResult(ProblemKind.InvalidRequest, $"limit is {limit}; it must be 1 to {MaxLimit}.");
        var entries = new List<CatalogueEntry>(limit + 1);
        await foreach (CatalogueEntry entry in catalogue.List(cancellationToken).ConfigureAwait(false))
        {
            if (string.CompareOrdinal(entry.Slug, after) <= 0) continue;
            entries.Add(entry);
            if (entries.Count > limit) break;
        }

        return TypedResults.Ok(new CataloguePage { Items = [.. entries.Take(limit)], Next = entries.Count > limit ? entries[limit - 1].Slug : null });
    }

    private static async Task<IResult> Entry(string slug, Mappers catalogue, CatalogueInstruments instruments, CancellationToken cancellationToken)
    {
        if (await catalogue.Find(slug, cancellationToken).ConfigureAwait(false) is not { } entry) return ProblemResult.NotFound("mapper", slug);
        byte[] json = ContractJson.ToBytes(entry);
        return PullResult.OfName(json, Digest.Of(json), instruments);
    }

    private static async Task<IResult> Version(string slug, int number, Mappers catalogue, IArtifactStore store, CatalogueInstruments instruments, CancellationToken cancellationToken) =>
        await catalogue.Find(slug, number, cancellationToken).ConfigureAwait(false) is { } version
            ? PullResult.OfCard(await store.Read(version.Card, cancellationToken).ConfigureAwait(false), version.Card.Digest, instruments)
            : ProblemResult.NotFound("version", $"{number} of the mapper {slug}");

    private static async Task<IResult> Latest(string slug, Mappers catalogue, IArtifactStore store, CatalogueInstruments instruments, CancellationToken cancellationToken) =>
        await catalogue.Find(slug, version: null, cancellationToken).ConfigureAwait(false) is { } version
            ? PullResult.OfName(await store.Read(version.Card, cancellationToken).ConfigureAwait(false), version.Card.Digest, instruments)
            : ProblemResult.NotFound("mapper", slug);

    private static async Task<IResult> ByDigest(string digest, Mappers catalogue, IArtifactStore store, CatalogueInstruments instruments, CancellationToken cancellationToken) =>
        await catalogue.Find(Digest.Parse(digest), cancellationToken).ConfigureAwait(false) is { } version
            ? PullResult.OfCard(await store.Read(version.Card, cancellationToken).ConfigureAwait(false), version.Card.Digest, instruments)
            : ProblemResult.NotFound("published mapper with the digest", digest);
}
