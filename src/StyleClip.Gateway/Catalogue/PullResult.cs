using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using StyleClip.Contracts.Library;
using StyleClip.Gateway.Problems;

namespace StyleClip.Gateway.Catalogue;

/// <summary>
/// Bytes of known digest: strong ETag, Repr-Digest, 304 for those who have them, ranges for those who have a part.
/// </summary>
internal sealed class PullResult : IResult
{
    // A digest's bytes never change. Private: every answer is for one key.
    private const string Forever = "private, max-age=31536000, immutable";
    private const string Briefly = "private, max-age=5";

    private readonly Stream _content;
    private readonly Digest _digest;
    private readonly string _mediaType, _caching, _kind;
    private readonly CatalogueInstruments _instruments;

    private PullResult(Stream content, Digest digest, string mediaType, string caching, string kind, CatalogueInstruments instruments) =>
        (_content, _digest, _mediaType, _caching, _kind, _instruments) = (content, digest, mediaType, caching, kind, instruments);

    /// <summary>What a name stands for now.</summary>
    public static PullResult OfName(byte[] json, Digest digest, CatalogueInstruments instruments) =>
        new(new MemoryStream(json, writable: false), digest, MediaTypes.Json, Briefly, "name", instruments);

    /// <summary>A card, which never changes.</summary>
    public static PullResult OfCard(byte[] json, Digest digest, CatalogueInstruments instruments) =>
        new(new MemoryStream(json, writable: false), digest, MediaTypes.Json, Forever, "card", instruments);

    /// <summary>An artifact, which never changes.</summary>
    public static PullResult OfArtifact(Stream content, Digest digest, string mediaType, CatalogueInstruments instruments) =>
        new(content, digest, mediaType, Forever, "artifact", instruments);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        long size = _content.Length;
        response.Headers.CacheControl = _caching;
        response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(_digest.Hex))}:";
        await TypedResults.Stream(
            _content,
            _mediaType,
            entityTag: new EntityTagHeaderValue($"\"{_digest}\""),
            enableRangeProcessing: true).ExecuteAsync(httpContext).ConfigureAwait(false);
        if (response.StatusCode == StatusCodes.Status416RangeNotSatisfiable)
        {
            response.ContentLength = null;
            await ProblemWriter.Write(httpContext, ProblemKind.RangeNotSatisfiable, $"The range is {httpContext.Request.Headers.Range}; the artifact has {size} bytes.").ConfigureAwait(false);
        }

        if (HttpMethods.IsGet(httpContext.Request.Method)) _instruments.Pulled(_kind, response.StatusCode, response.ContentLength ?? 0);
    }
}
