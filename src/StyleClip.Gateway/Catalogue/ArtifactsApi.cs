using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using StyleClip.Contracts.Library;
using StyleClip.Gateway.Problems;
using StyleClip.Gateway.Security;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Gateway.Catalogue;

/// <summary><c>/v1/artifacts/DIGEST</c>: immutable bytes by their sha256.</summary>
internal static class ArtifactsApi
{
    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static void Map(IEndpointRouteBuilder api, GatewayOptions options)
    {
        api.MapMethods("/artifacts/{digest:digest}", [HttpMethods.Get, HttpMethods.Head], Read).Needs(ApiRole.Read).WithName("getArtifact").WithTags("artifacts")
            .WithSummary("Pull an artifact.")
            .WithDescription("Strong ETag, If-None-Match, Range, If-Range and Repr-Digest. Clients verify the sha256 before they use the bytes.")
            .Produces<byte[]>(StatusCodes.Status200OK, MediaTypes.Binary).Produces<byte[]>(StatusCodes.Status206PartialContent, MediaTypes.Binary)
            .Produces(StatusCodes.Status304NotModified).Refuses(ProblemKind.NotFound, ProblemKind.RangeNotSatisfiable);
        api.MapPut("/artifacts/{digest:digest}", Write).Needs(ApiRole.Submit).WithName("putArtifact").WithTags("artifacts")
            .WithSummary("Upload a latent file, safetensors.")
            .WithDescription("The address is the sha256 of the bytes. Uploading what is there already changes nothing.")
            .WithMetadata(new RequestSizeLimitAttribute(options.MaxUploadBytes))
            .Accepts<byte[]>(MediaTypes.Safetensors)
            .Produces<ArtifactRef>(StatusCodes.Status201Created).Produces<ArtifactRef>()
            .Refuses(ProblemKind.TooLarge, ProblemKind.InvalidArtifact);
    }

    private static async Task<IResult> Read(string digest, IArtifactStore store, CatalogueInstruments instruments, CancellationToken cancellationToken)
    {
        var wanted = Digest.Parse(digest);
        if (!await store.Exists(wanted, cancellationToken).ConfigureAwait(false)) return ProblemResult.NotFound("artifact", wanted);
        Stream content = await store.Open(wanted, cancellationToken).ConfigureAwait(false);
        byte[] head = new byte[PngSignature.Length];
        int read = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        // The store keeps no media types. Pictures are recognised, so that a browser shows a strip; everything else is just bytes to it.
        string mediaType = head.AsSpan(0, read).SequenceEqual(PngSignature) ? MediaTypes.Png : MediaTypes.Binary;
        return PullResult.OfArtifact(new ForwardStream(head.AsMemory(0, read), content), wanted, mediaType, instruments);
    }

    private static async Task<IResult> Write(string digest, HttpRequest request, IArtifactStore store, CancellationToken cancellationToken)
    {
        var named = Digest.Parse(digest);
        await using var upload = new ArtifactUpload();
        if (await upload.Receive(request.Body, named, cancellationToken).ConfigureAwait(false) is { } fault) return new ProblemResult(ProblemKind.InvalidArtifact, fault);
        bool exists = await store.Exists(named, cancellationToken).ConfigureAwait(false);
        ArtifactRef stored = await store.Put(upload.Content, MediaTypes.Safetensors, cancellationToken).ConfigureAwait(false);
        return exists ? TypedResults.Ok(stored) : TypedResults.Created($"/v1/artifacts/{named}", stored);
    }
}
