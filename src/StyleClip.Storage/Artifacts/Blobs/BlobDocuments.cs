using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using StyleClip.Contracts.Library;

namespace StyleClip.Storage.Artifacts.Blobs;

/// <summary>The documents of an <see cref="AzureBlobArtifactStore"/>.</summary>
internal sealed class BlobDocuments(BlobContainerClient container, BlobErrors errors, string location)
{
    /// <summary>Metadata: the names of the last writes.</summary>
    public const string WritesKey = "writes";

    private const string DigestKey = "sha256";
    private const string Folder = "documents/";

    // Where the account has folders, the document 'a' and the folder of 'a/b' must not meet.
    private const string Ending = "@";

    public async Task<StoredDocument?> Read(string name, CancellationToken cancellationToken)
    {
        BlobClient blob = BlobOf(name);
        return await ArtifactReading.Retried(
            () => errors.Guard($"read document '{name}'", () => ReadOnce(blob, name, cancellationToken), cancellationToken)).ConfigureAwait(false);
    }

    public async Task<string?> Write(string name, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken)
    {
        BlobClient blob = BlobOf(name);
        BlobVersion? expected = null;
        if (expectedETag is not null && !BlobVersion.TryParse(expectedETag, out expected)) return null;
        string write = BlobVersion.NewWrite();
        var options = new BlobUploadOptions
        {
            Conditions = expected is null ? BlobConditions.New : BlobConditions.Seen(expected.ETag),
            Metadata = new Dictionary<string, string>
            {
                [WritesKey] = BlobVersion.WritesAfter(expected, write),
                [DigestKey] = Digest.Of(content.Span).Hex,
            },
        };
        return await errors.Guard($"write document '{name}'", () => Write(blob, content, options, write, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    public async Task<bool> Delete(string name, string expectedETag, CancellationToken cancellationToken)
    {
        BlobClient blob = BlobOf(name);
        ArgumentNullException.ThrowIfNull(expectedETag);
        if (!BlobVersion.TryParse(expectedETag, out BlobVersion? expected)) return false;
        return await errors.Guard($"delete document '{name}'", () => Delete(blob, expected, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<string>> List(string prefix, CancellationToken cancellationToken)
    {
        return await errors.Guard(
            $"list the documents below '{prefix}'",
            async () =>
            {
                List<string> names = [];
                try
                {
                    var options = new GetBlobsOptions { Prefix = Folder + prefix };
                    await foreach (BlobItem item in container.GetBlobsAsync(options, cancellationToken).ConfigureAwait(false))
                        if (item.Name.EndsWith(Ending, StringComparison.Ordinal)) names.Add(item.Name[Folder.Length..^Ending.Length]);
                }
                catch (RequestFailedException failed) when (BlobErrors.IsMissing(failed))
                {
                    names.Clear(); // no container, no documents
                }

                names.Sort(StringComparer.Ordinal); // the service sorts by names with their ending
                return names;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<StoredDocument?> ReadOnce(BlobClient blob, string name, CancellationToken cancellationToken)
    {
        try
        {
            BlobDownloadResult read = await blob.DownloadContentAsync(cancellationToken).ConfigureAwait(false);
            byte[] content = read.Content.ToArray();
            if (read.Details.Metadata.TryGetValue(DigestKey, out string? digest) && digest != Digest.Of(content).Hex)
                throw ArtifactCorruptException.OfDocument(name, location);
            return new StoredDocument(content, BlobVersion.Of(read.Details.ETag, read.Details.Metadata).ToString());
        }
        catch (RequestFailedException failed) when (BlobErrors.IsMissing(failed))
        {
            return null;
        }
    }

    private async Task<string?> Write(
        BlobClient blob, ReadOnlyMemory<byte> content, BlobUploadOptions options, string write, CancellationToken cancellationToken)
    {
        try
        {
            BlobContentInfo written = await Upload().ConfigureAwait(false);
            return BlobVersion.Of(written.ETag, options.Metadata).ToString();
        }
        catch (RequestFailedException failed) when (BlobErrors.IsConflict(failed))
        {
            // A repeated attempt of ours finds what the first one wrote: its answer may have been lost on the way.
            return (await VersionOf(blob, cancellationToken).ConfigureAwait(false))?.Find(write)?.ToString();
        }
        catch (RequestFailedException failed) when (BlobErrors.IsMissing(failed))
        {
            return null; // the service said so of a write over something: what was seen is gone
        }

        async Task<BlobContentInfo> Upload()
        {
            try
            {
                return await blob.UploadAsync(BinaryData.FromBytes(content), options, cancellationToken).ConfigureAwait(false);
            }
            catch (RequestFailedException failed) when (failed.ErrorCode == BlobErrorCode.ContainerNotFound && options.Conditions.IfMatch is null)
            {
                await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                return await blob.UploadAsync(BinaryData.FromBytes(content), options, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<bool> Delete(BlobClient blob, BlobVersion expected, CancellationToken cancellationToken)
    {
        // A delete leaves nothing by which a repeated attempt could find the first one. So this looks before: what is gone right after it
        // was seen counts as deleted by us, also where somebody else deleted the same version just then.
        if ((await VersionOf(blob, cancellationToken).ConfigureAwait(false))?.ETag != expected.ETag) return false;
        try
        {
            await blob.DeleteAsync(DeleteSnapshotsOption.None, BlobConditions.Seen(expected.ETag), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException failed) when (BlobErrors.IsMissing(failed) || BlobErrors.IsConflict(failed))
        {
            return await VersionOf(blob, cancellationToken).ConfigureAwait(false) is null;
        }
    }

    private static async Task<BlobVersion?> VersionOf(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return BlobVersion.Of(found.ETag, found.Metadata);
        }
        catch (RequestFailedException failed) when (BlobErrors.IsMissing(failed))
        {
            return null;
        }
    }

    private BlobClient BlobOf(string name)
    {
        DocumentName.Require(name);
        return container.GetBlobClient(Folder + name + Ending);
    }
}
