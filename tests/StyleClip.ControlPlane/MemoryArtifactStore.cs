using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

namespace StyleClip.ControlPlane;

/// <summary>A store that costs nothing: what is left is the control plane itself.</summary>
internal sealed class MemoryArtifactStore : IArtifactStore
{
    private readonly ConcurrentDictionary<Digest, byte[]> _artifacts = new();
    private readonly Dictionary<string, StoredDocument> _documents = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _writes;

    public string Location => "memory";

    public Task<ArtifactRef> Put(ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken)
    {
        var digest = Digest.Of(content.Span);
        _artifacts.TryAdd(digest, content.ToArray());
        return Task.FromResult(new ArtifactRef(digest, content.Length, mediaType));
    }

    public async Task<ArtifactRef> Put(Stream content, string mediaType, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await content.CopyToAsync(buffer, cancellationToken);
        return await Put(buffer.ToArray(), mediaType, cancellationToken);
    }

    public Task<bool> Exists(Digest digest, CancellationToken cancellationToken) => Task.FromResult(_artifacts.ContainsKey(digest));

    public Task<Stream> Open(Digest digest, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new MemoryStream(Find(digest), writable: false));

    public Task<byte[]> Read(ArtifactRef artifact, CancellationToken cancellationToken) => Task.FromResult(Find(artifact.Digest));

    public Task<StoredDocument?> ReadDocument(string name, CancellationToken cancellationToken)
    {
        DocumentName.Require(name);
        lock (_gate) return Task.FromResult(_documents.GetValueOrDefault(name));
    }

    public Task<string?> WriteDocument(string name, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken)
    {
        DocumentName.Require(name);
        lock (_gate)
        {
            if (_documents.GetValueOrDefault(name)?.ETag != expectedETag) return Task.FromResult<string?>(null);
            string eTag = (++_writes).ToString(CultureInfo.InvariantCulture);
            _documents[name] = new StoredDocument(content.ToArray(), eTag);
            return Task.FromResult<string?>(eTag);
        }
    }

    public Task<bool> DeleteDocument(string name, string expectedETag, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_documents.GetValueOrDefault(name)?.ETag == expectedETag && _documents.Remove(name));
    }

    public async IAsyncEnumerable<string> ListDocuments(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[] names;
        lock (_gate) names = [.. _documents.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        await Task.Yield();
        foreach (string name in names) yield return name;
    }

    public void Dispose()
    {
        // memory only
    }

    private byte[] Find(Digest digest) => _artifacts.TryGetValue(digest, out byte[]? content) ? content : throw new ArtifactMissingException(digest, Location);
}
