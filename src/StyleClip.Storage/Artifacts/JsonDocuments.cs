using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;

namespace StyleClip.Storage.Artifacts;

/// <summary>Contract records in a store, in the form of <see cref="ContractJson"/>.</summary>
public static class JsonDocuments
{
    /// <summary>Stores <paramref name="value"/> as an immutable JSON artifact.</summary>
    public static Task<ArtifactRef> PutJson<T>(this IArtifactStore store, T value, CancellationToken cancellationToken) =>
        store.Put(ContractJson.ToBytes(value), MediaTypes.Json, cancellationToken);

    /// <summary>Reads a JSON artifact, verified.</summary>
    /// <exception cref="ArtifactMissingException">The store does not hold it.</exception>
    /// <exception cref="ArtifactCorruptException">The stored bytes have another digest.</exception>
    /// <exception cref="InvalidDataException">The bytes are not JSON of this record.</exception>
    public static async Task<T> ReadJson<T>(this IArtifactStore store, Digest digest, CancellationToken cancellationToken) =>
        ContractJson.FromBytes<T>(await store.ReadVerified(digest, cancellationToken).ConfigureAwait(false), digest.ToString());

    /// <summary>Reads a JSON document; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The bytes are not JSON of this record.</exception>
    public static async Task<T?> ReadDocument<T>(
        this IArtifactStore store, string name, CancellationToken cancellationToken) where T : class =>
        await store.ReadDocument(name, cancellationToken).ConfigureAwait(false) is { } document
            ? ContractJson.FromBytes<T>(document.Content, name)
            : null;

    /// <summary>
    /// Changes a JSON document by compare-and-swap, beginning again with what the others wrote until no one comes between.
    /// Nothing is written where <paramref name="change"/> returns what it was given.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The document.</param>
    /// <param name="change">From the present content, null where there is none, to the new one. May be called several times.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The content that the document has now.</returns>
    public static async Task<T> UpdateDocument<T>(
        this IArtifactStore store, string name, Func<T?, T> change, CancellationToken cancellationToken) where T : class
    {
        while (true)
        {
            StoredDocument? seen = await store.ReadDocument(name, cancellationToken).ConfigureAwait(false);
            T? before = seen is null ? null : ContractJson.FromBytes<T>(seen.Content, name);
            T after = change(before);
            if (ReferenceEquals(before, after)) return after;
            byte[] content = ContractJson.ToBytes(after);
            if (await store.WriteDocument(name, content, seen?.ETag, cancellationToken).ConfigureAwait(false) is not null) return after;
        }
    }
}
