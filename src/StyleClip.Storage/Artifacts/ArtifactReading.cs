using System.Security.Cryptography;
using StyleClip.Contracts.Library;

namespace StyleClip.Storage.Artifacts;

/// <summary>Verified reading, the same for every store.</summary>
public static class ArtifactReading
{
    private const int BufferBytes = 1 << 17;
    private const int ReadsToTry = 3;

    /// <summary>Reads an artifact of which only the digest is known, and verifies it.</summary>
    /// <exception cref="ArtifactMissingException">The store does not hold it.</exception>
    /// <exception cref="ArtifactCorruptException">The stored bytes have another digest.</exception>
    public static Task<byte[]> ReadVerified(this IArtifactStore store, Digest digest, CancellationToken cancellationToken) => Retried(async () =>
    {
        Stream source = await store.Open(digest, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            using var bytes = new MemoryStream(source.CanSeek ? checked((int)source.Length) : 0);
            await source.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            byte[] content = bytes.Length == bytes.Capacity ? bytes.GetBuffer() : bytes.ToArray();
            var found = Digest.Of(content);
            return found == digest ? content : throw ArtifactCorruptException.OfDigest(digest, found, store.Location);
        }
    });

    /// <summary>
    /// Copies an artifact to <paramref name="destination"/>, from its present position on, and verifies it on the way. What arrived
    /// damaged is written over by another try where the destination can seek.
    /// </summary>
    /// <exception cref="ArtifactMissingException">The store does not hold it.</exception>
    /// <exception cref="ArtifactCorruptException">What was copied is not the artifact: the destination must be thrown away.</exception>
    public static async Task CopyVerified(
        this IArtifactStore store, ArtifactRef artifact, Stream destination, CancellationToken cancellationToken)
    {
        if (!destination.CanSeek)
        {
            await CopyOnce(store, artifact, destination, cancellationToken).ConfigureAwait(false);
            return;
        }

        long start = destination.Position;
        await Retried(async () =>
        {
            destination.Position = start;
            await CopyOnce(store, artifact, destination, cancellationToken).ConfigureAwait(false);
            destination.SetLength(start + artifact.SizeBytes);
            return true;
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// Reads again what was damaged or too short: the place may hold it whole and the way to us have cut it. What is damaged in its place
    /// is read in vain, which is rare and costs little.
    /// </summary>
    internal static async Task<T> Retried<T>(Func<Task<T>> read)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await read().ConfigureAwait(false);
            }
            catch (ArtifactCorruptException) when (attempt < ReadsToTry)
            {
                // once more
            }
        }
    }

    internal static void Verify(ArtifactRef artifact, byte[] content, string location)
    {
        if (content.LongLength != artifact.SizeBytes) throw ArtifactCorruptException.OfSize(artifact, content.LongLength, location);
        var found = Digest.Of(content);
        if (found != artifact.Digest) throw ArtifactCorruptException.OfDigest(artifact.Digest, found, location);
    }

    internal static async Task<(Digest Digest, long SizeBytes)> CopyHashed(
        Stream source, Stream destination, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        long size = 0;
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            size += read;
        }

        return (Digest.FromHash(hash.GetHashAndReset()), size);
    }

    private static async Task CopyOnce(IArtifactStore store, ArtifactRef artifact, Stream destination, CancellationToken cancellationToken)
    {
        Stream source = await store.Open(artifact.Digest, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            (Digest found, long size) = await CopyHashed(source, destination, cancellationToken).ConfigureAwait(false);
            if (size != artifact.SizeBytes) throw ArtifactCorruptException.OfSize(artifact, size, store.Location);
            if (found != artifact.Digest) throw ArtifactCorruptException.OfDigest(artifact.Digest, found, store.Location);
        }
    }
}
