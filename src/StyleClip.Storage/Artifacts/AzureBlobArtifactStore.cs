using Azure;
using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts.Blobs;

namespace StyleClip.Storage.Artifacts;

/// <summary>
/// An artifact store in a container of Azure Blob Storage, under the same names as in a folder: <c>blobs/sha256/xx/</c> and
/// <c>documents/</c>. The container is made by the first write. Errors of the service and of the network are <see cref="IOException"/>s;
/// after one it is not known whether a write took effect.
/// </summary>
public sealed class AzureBlobArtifactStore : IArtifactStore
{
    // Four blocks of this size are in memory while a long artifact is sent.
    private const int BlockBytes = 8 << 20;
    private const int BlocksAtOnce = 4;

    private readonly BlobContainerClient _container;
    private readonly BlobDocuments _documents;
    private readonly BlobErrors _errors;

    private AzureBlobArtifactStore(Func<BlobClientOptions, BlobContainerClient> open, AzureBlobLimits? limits)
    {
        limits ??= new AzureBlobLimits();
        _container = open(Options(limits, limits.ArtifactTimeout));
        Location = _container.Uri.GetLeftPart(UriPartial.Path); // whatever follows the path may be a signature
        _errors = new BlobErrors(Location);
        _documents = new BlobDocuments(open(Options(limits, limits.DocumentTimeout)), _errors, Location);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>Opens the store in a container of the account that a connection string names.</summary>
    /// <exception cref="FormatException">The connection string is not one.</exception>
    public static AzureBlobArtifactStore FromConnectionString(string connectionString, string container, AzureBlobLimits? limits = null) =>
        new(options => new BlobContainerClient(connectionString, container, options), limits);

    /// <summary>Opens the store in the container at <paramref name="container"/>.</summary>
    public static AzureBlobArtifactStore FromUri(Uri container, TokenCredential credential, AzureBlobLimits? limits = null) =>
        new(options => new BlobContainerClient(container, credential, options), limits);

    /// <inheritdoc/>
    public async Task<ArtifactRef> Put(ReadOnlyMemory<byte> content, string mediaType, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(mediaType);
        var artifact = new ArtifactRef(Digest.Of(content.Span), content.Length, mediaType);
        await Put(artifact, (blob, options) => blob.UploadAsync(BinaryData.FromBytes(content), options, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return artifact;
    }

    /// <inheritdoc/>
    public async Task<ArtifactRef> Put(Stream content, string mediaType, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentException.ThrowIfNullOrEmpty(mediaType);
        // The name is known only when everything has been read. Until then the bytes wait in a local file: the service cannot rename, and
        // a source that is read twice could change in between.
        string path = Path.Combine(Path.GetTempPath(), "styleclip-" + Guid.NewGuid().ToString("n"));
        var staged = new FileStream(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await using (staged.ConfigureAwait(false))
        {
            (Digest digest, long size) = await ArtifactReading.CopyHashed(content, staged, cancellationToken).ConfigureAwait(false);
            var artifact = new ArtifactRef(digest, size, mediaType);
            await Put(artifact, UploadStaged, cancellationToken).ConfigureAwait(false);
            return artifact;
        }

        Task<Response<BlobContentInfo>> UploadStaged(BlobClient blob, BlobUploadOptions options)
        {
            staged.Position = 0;
            return blob.UploadAsync(staged, options, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task<bool> Exists(Digest digest, CancellationToken cancellationToken) => _errors.Guard(
        $"look for artifact {digest}",
        async () => (await BlobOf(digest).ExistsAsync(cancellationToken).ConfigureAwait(false)).Value,
        cancellationToken);

    /// <inheritdoc/>
    public async Task<Stream> Open(Digest digest, CancellationToken cancellationToken) =>
        await OpenBlob(digest, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task<byte[]> Read(ArtifactRef artifact, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return ArtifactReading.Retried(async () =>
        {
            BlobReadStream source = await OpenBlob(artifact.Digest, cancellationToken).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                // The length first: a damaged blob must not decide how much memory is taken.
                if (source.Length != artifact.SizeBytes) throw ArtifactCorruptException.OfSize(artifact, source.Length, Location);
                byte[] content = new byte[artifact.SizeBytes];
                int read = await source.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                if (read < content.Length) throw ArtifactCorruptException.OfSize(artifact, read, Location);
                ArtifactReading.Verify(artifact, content, Location);
                return content;
            }
        });
    }

    /// <inheritdoc/>
    public Task<StoredDocument?> ReadDocument(string name, CancellationToken cancellationToken) => _documents.Read(name, cancellationToken);

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
        DocumentName.RequirePrefix(prefix);
        return List();

        async IAsyncEnumerable<string> List()
        {
            foreach (string name in await _documents.List(prefix, cancellationToken).ConfigureAwait(false)) yield return name;
        }
    }

    /// <summary>Does nothing: connections are shared by the whole process.</summary>
    public void Dispose()
    {
    }

    private static BlobClientOptions Options(AzureBlobLimits limits, TimeSpan timeout) => new()
    {
        Retry =
        {
            Mode = RetryMode.Exponential,
            MaxRetries = limits.Retries,
            Delay = limits.RetryDelay,
            MaxDelay = limits.MaxRetryDelay,
            NetworkTimeout = timeout,
        },
    };

    private async Task Put(
        ArtifactRef artifact, Func<BlobClient, BlobUploadOptions, Task<Response<BlobContentInfo>>> upload, CancellationToken cancellationToken)
    {
        BlobClient blob = BlobOf(artifact.Digest);
        await _errors.Guard(
            $"store artifact {artifact.Digest}",
            async () =>
            {
                BlobProperties? there = await Find(blob, cancellationToken).ConfigureAwait(false);
                if (there?.ContentLength == artifact.SizeBytes) return true;
                // What has another length than its name says is damaged, and is mended.
                BlobRequestConditions condition = there is null ? BlobConditions.New : BlobConditions.Seen(there.ETag.ToString());
                return await Upload(blob, condition, upload, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> Upload(
        BlobClient blob,
        BlobRequestConditions condition,
        Func<BlobClient, BlobUploadOptions, Task<Response<BlobContentInfo>>> upload,
        CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions
        {
            Conditions = condition,
            TransferOptions = new StorageTransferOptions
            {
                InitialTransferSize = BlocksAtOnce * BlockBytes,
                MaximumTransferSize = BlockBytes,
                MaximumConcurrency = BlocksAtOnce,
            },
            // The service refuses bytes that changed on their way: they would be kept under a name that is not theirs.
            TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
        };
        try
        {
            await upload(blob, options).ConfigureAwait(false);
        }
        catch (RequestFailedException failed) when (BlobErrors.IsConflict(failed))
        {
            // Somebody else stored the same bytes, or an attempt of ours whose answer was lost.
        }
        catch (RequestFailedException failed) when (failed.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return await Upload(blob, condition, upload, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private static async Task<BlobProperties?> Find(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException failed) when (BlobErrors.IsMissing(failed))
        {
            return null;
        }
    }

    private Task<BlobReadStream> OpenBlob(Digest digest, CancellationToken cancellationToken)
    {
        string operation = $"read artifact {digest}";
        return _errors.Guard(
            operation,
            async () =>
            {
                try
                {
                    BlobDownloadStreamingResult read = await BlobOf(digest).DownloadStreamingAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                    return new BlobReadStream(read.Content, read.Details.ContentLength, operation, _errors);
                }
                catch (RequestFailedException failed) when (BlobErrors.IsMissing(failed))
                {
                    throw new ArtifactMissingException(digest, Location);
                }
            },
            cancellationToken);
    }

    private BlobClient BlobOf(Digest digest) => _container.GetBlobClient($"blobs/sha256/{digest.Hex[..2]}/{digest.Hex}");
}
