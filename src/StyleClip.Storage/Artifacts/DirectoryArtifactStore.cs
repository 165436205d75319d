using StyleClip.Contracts.Library;

namespace StyleClip.Storage.Artifacts;

/// <summary>
/// An artifact store in a folder. Artifacts lie under <c>blobs/sha256/xx/</c> by their digest, documents under <c>documents/</c> by their
/// name. Everything is written to <c>tmp/</c> in the same file system, brought to the disk and renamed: a process that is killed at any
/// moment leaves nothing half-written under a name.
/// </summary>
public sealed class DirectoryArtifactStore : IArtifactStore
{
    private readonly DocumentFolder _documents;
    private readonly string _root;
    private readonly TemporaryFolder _temporary;

    /// <summary>
    /// Opens the store at <paramref name="root"/>, making it where there is none, and sweeps what killed processes left half-written.
    /// </summary>
    public DirectoryArtifactStore(string root)
    {
        _root = Path.GetFullPath(root);
        Directory.CreateDirectory(_root);
        _temporary = TemporaryFolder.Open(Path.Combine(_root, "tmp"));
        _documents = new DocumentFolder(_root, _temporary);
    }

    /// <inheritdoc/>
    public string Location => _root;

    /// <inheritdoc/>
    public async Task<ArtifactRef> Put(ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(mediaType);
        var digest = Digest.Of(content.Span);
        if (!await IsWhole(digest, content.Length, cancellationToken).ConfigureAwait(false))
            await DiskThreads.Run(() => _temporary.WriteThenPublish(content, PathOf(digest)), cancellationToken).ConfigureAwait(false);
        return new ArtifactRef(digest, content.Length, mediaType);
    }

    /// <inheritdoc/>
    public async Task<ArtifactRef> Put(Stream content, string mediaType, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentException.ThrowIfNullOrEmpty(mediaType);
        string temporary = _temporary.NewFile();
        try
        {
            (Digest digest, long size) = await Receive(content, temporary, cancellationToken).ConfigureAwait(false);
            if (!await IsWhole(digest, size, cancellationToken).ConfigureAwait(false)) DurableFile.Publish(temporary, PathOf(digest));
            return new ArtifactRef(digest, size, mediaType);
        }
        finally
        {
            File.Delete(temporary); // does nothing where it was published
        }
    }

    /// <inheritdoc/>
    public Task<bool> Exists(Digest digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(File.Exists(PathOf(digest)));
    }

    /// <inheritdoc/>
    public Task<Stream> Open(Digest digest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(OpenFile(digest) ?? throw new ArtifactMissingException(digest, _root));
    }

    /// <inheritdoc/>
    public async Task<byte[]> Read(ArtifactRef artifact, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        FileStream stream = OpenFile(artifact.Digest) ?? throw new ArtifactMissingException(artifact.Digest, _root);
        await using (stream.ConfigureAwait(false))
        {
            // The length first: a damaged file must not decide how much memory is taken.
            if (stream.Length != artifact.SizeBytes) throw ArtifactCorruptException.OfSize(artifact, stream.Length, _root);
            byte[] content = new byte[artifact.SizeBytes];
            await stream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
            ArtifactReading.Verify(artifact, content, _root);
            return content;
        }
    }

    /// <inheritdoc/>
    public Task<StoredDocument?> ReadDocument(string name, CancellationToken cancellationToken) =>
        DiskThreads.Run(() => _documents.Read(name), cancellationToken);

    /// <inheritdoc/>
    public Task<string?> WriteDocument(
        string name, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken) =>
        _documents.Write(name, content, expectedETag, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteDocument(string name, string expectedETag, CancellationToken cancellationToken) =>
        _documents.Delete(name, expectedETag, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListDocuments(string prefix, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _documents.List(prefix).ToAsyncEnumerable();
    }

    /// <summary>Lets go of the store; what it holds stays.</summary>
    public void Dispose()
    {
        _documents.Dispose();
        _temporary.Dispose();
    }

    private static async Task<(Digest Digest, long SizeBytes)> Receive(Stream content, string path, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        await using (file.ConfigureAwait(false))
        {
            var received = await ArtifactReading.CopyHashed(content, file, cancellationToken).ConfigureAwait(false);
            await DiskThreads.Run(() => file.Flush(flushToDisk: true), cancellationToken).ConfigureAwait(false);
            return received;
        }
    }

    // Storing again what the disk has damaged mends it, so the bytes are looked at, not only the name.
    private async Task<bool> IsWhole(Digest digest, long size, CancellationToken cancellationToken)
    {
        FileStream? stream = OpenFile(digest);
        if (stream is null) return false;
        await using (stream.ConfigureAwait(false))
        {
            return stream.Length == size && await Digest.OfAsync(stream, cancellationToken).ConfigureAwait(false) == digest;
        }
    }

    private FileStream? OpenFile(Digest digest)
    {
        try
        {
            return new FileStream(PathOf(digest), new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                BufferSize = 1 << 16,
            });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string PathOf(Digest digest) => Path.Combine(_root, "blobs", "sha256", digest.Hex[..2], digest.Hex);
}
