using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Node.Tests;

/// <summary>A store that can be away: every call fails then, as one to an unreachable service does.</summary>
internal sealed class OutageStore(IArtifactStore inner) : IArtifactStore
{
    private volatile bool _isAway;
    private int _refused;
    private int _stripsBefore = int.MaxValue;

    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    /// <summary>Calls that failed because it was away.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>
    /// Goes away when one more strip than <paramref name="strips"/> is to be stored: inside a checkpoint, while no grain writes its state.
    /// </summary>
    public void LeaveAfter(int strips) => _stripsBefore = strips;

    public string Location => inner.Location;

    public Task<ArtifactRef> Put(ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken)
    {
        if (mediaType == MediaTypes.Png && Interlocked.Decrement(ref _stripsBefore) == -1) IsAway = true;
        return Here().Put(content, mediaType, cancellationToken);
    }

    public Task<ArtifactRef> Put(Stream content, string mediaType, CancellationToken cancellationToken) =>
        Here().Put(content, mediaType, cancellationToken);

    public Task<bool> Exists(Digest digest, CancellationToken cancellationToken) => Here().Exists(digest, cancellationToken);

    public Task<Stream> Open(Digest digest, CancellationToken cancellationToken) => Here().Open(digest, cancellationToken);

    public Task<byte[]> Read(ArtifactRef artifact, CancellationToken cancellationToken) => Here().Read(artifact, cancellationToken);

    public Task<StoredDocument?> ReadDocument(string name, CancellationToken cancellationToken) => Here().ReadDocument(name, cancellationToken);

    public Task<string?> WriteDocument(string name, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken) =>
        Here().WriteDocument(name, content, expectedETag, cancellationToken);

    public Task<bool> DeleteDocument(string name, string expectedETag, CancellationToken cancellationToken) =>
        Here().DeleteDocument(name, expectedETag, cancellationToken);

    public IAsyncEnumerable<string> ListDocuments(string prefix, CancellationToken cancellationToken) => Here().ListDocuments(prefix, cancellationToken);

    public void Dispose() => inner.Dispose();

    private IArtifactStore Here()
    {
        if (!IsAway) return inner;
        Interlocked.Increment(ref _refused);
        throw new IOException($"The store at {Location} is away.");
    }
}
