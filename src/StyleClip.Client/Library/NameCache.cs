using System.Net;
using StyleClip.Client.Http;
using StyleClip.Contracts.Library;

namespace StyleClip.Client.Library;

/// <summary>Catalogue entries as they were last seen, with the ETag that asks whether they still are.</summary>
internal sealed class NameCache(GatewayConnection connection, string folder, bool offline)
{
    private const int MaxSlug = 80;

    // Two gateways may know other mappers under one slug.
    private readonly string _folder = Path.Combine(folder, "names", Digest.Of(System.Text.Encoding.UTF8.GetBytes(connection.Gateway.ToString())).Hex[..16]);

    public async Task<CatalogueEntry?> Find(string slug, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(slug);
        // The slug becomes a file's name here: nothing else may.
        if (slug.Length > MaxSlug || !slug.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) return null;
        string path = Path.Combine(_folder, slug + ".json");
        byte[]? known = File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false) : null;
        if (offline) return known is null ? throw new NotCachedException($"The mapper '{slug}'", folder) : Parse(known);
        try
        {
            using HttpResponseMessage response = await connection.Send(() => Request(slug, known), cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.NotModified) return Parse(known!);
            byte[] fresh = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            CatalogueEntry entry = Parse(fresh); // before it is kept
            await CacheFile.Write(path, fresh, cancellationToken).ConfigureAwait(false);
            return entry;
        }
        catch (GatewayException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static CatalogueEntry Parse(byte[] json) => GatewayConnection.Parse<CatalogueEntry>(json);

    // The gateway's ETag of an entry is the digest of the bytes that it sent.
    private static HttpRequestMessage Request(string slug, byte[]? known)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"catalogue/{slug}");
        if (known is not null) request.Headers.IfNoneMatch.Add(new($"\"{Digest.Of(known)}\""));
        return request;
    }
}
