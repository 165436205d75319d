using StyleClip.Contracts.Library;

namespace StyleClip.Storage.Artifacts;

/// <summary>
/// The one durable thing: immutable artifacts named by their content, and small documents under names, changed by compare-and-swap.
/// Every member is safe to call from many threads and, on the same place, from many processes. A place that cannot be reached, or that
/// refuses, is an <see cref="IOException"/>: what was being written may or may not be there then.
/// Disposing lets go of the store; what it holds stays.
/// </summary>
public interface IArtifactStore : IDisposable
{
    /// <summary>Where the store is, for messages.</summary>
    string Location { get; }

    /// <summary>Stores <paramref name="content"/>; storing the same bytes again changes nothing.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="mediaType">What they are: one of <see cref="MediaTypes"/>. It travels in the reference, not in the store.</param>
    /// <param name="cancellationToken">Ends the call; nothing half-written becomes visible.</param>
    Task<ArtifactRef> Put(ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken);

    /// <summary>Stores everything that can be read from <paramref name="content"/>, without holding it in memory.</summary>
    Task<ArtifactRef> Put(Stream content, string mediaType, CancellationToken cancellationToken);

    /// <summary>True where the artifact is in the store.</summary>
    Task<bool> Exists(Digest digest, CancellationToken cancellationToken);

    /// <summary>
    /// Opens an artifact for reading. The bytes are not verified: use <see cref="Read"/> or <see cref="ArtifactReading"/> for that.
    /// </summary>
    /// <exception cref="ArtifactMissingException">The store does not hold it.</exception>
    Task<Stream> Open(Digest digest, CancellationToken cancellationToken);

    /// <summary>Reads an artifact and verifies its length and digest.</summary>
    /// <exception cref="ArtifactMissingException">The store does not hold it.</exception>
    /// <exception cref="ArtifactCorruptException">The stored bytes are not those of the reference.</exception>
    Task<byte[]> Read(ArtifactRef artifact, CancellationToken cancellationToken);

    /// <summary>Reads a document; null where there is none.</summary>
    /// <param name="name">Segments of <c>[a-z0-9._-]</c> with '/' between them: <see cref="DocumentName"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    Task<StoredDocument?> ReadDocument(string name, CancellationToken cancellationToken);

    /// <summary>Replaces a document if it is still the one that the caller has seen.</summary>
    /// <param name="name">The document.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="expectedETag">The version that the caller has seen; null where it must not exist yet.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The new version, which no other write ever had; null where somebody else was first.</returns>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    Task<string?> WriteDocument(string name, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a document if it is still the one that the caller has seen; false where it is not. Of several who remove the same version at
    /// the same moment, more than one may be told that they did.
    /// </summary>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    Task<bool> DeleteDocument(string name, string expectedETag, CancellationToken cancellationToken);

    /// <summary>Names of the documents that begin with <paramref name="prefix"/>, in ordinal order.</summary>
    /// <exception cref="ArgumentException">No document name can begin so.</exception>
    IAsyncEnumerable<string> ListDocuments(string prefix, CancellationToken cancellationToken);
}
