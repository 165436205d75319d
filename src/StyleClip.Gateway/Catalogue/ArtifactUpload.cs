using System.Buffers.Binary;
using System.Security.Cryptography;
using StyleClip.Contracts.Library;

namespace StyleClip.Gateway.Catalogue;

/// <summary>An upload on its way: in a temporary file until it is known to be what it should be, so that nothing else gets into the store.</summary>
internal sealed class ArtifactUpload : IAsyncDisposable
{
    private const int BufferBytes = 1 << 17;
    private const int HeaderStart = 9;

    // Limit of the safetensors format itself.
    private const ulong MaxHeaderBytes = 100_000_000;

    private readonly FileStream _file = new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.DeleteOnClose | FileOptions.Asynchronous);

    /// <summary>What was received, from its beginning.</summary>
    public Stream Content
    {
        get
        {
            _file.Position = 0;
            return _file;
        }
    }

    /// <summary>Takes everything in. What is wrong with it; null where it may be stored.</summary>
    public async Task<string?> Receive(Stream body, Digest named, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes], head = new byte[HeaderStart];
        long size = 0;
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (size < HeaderStart) buffer.AsSpan(0, (int)Math.Min(read, HeaderStart - size)).CopyTo(head.AsSpan((int)size));
            hash.AppendData(buffer, 0, read);
            await _file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            size += read;
        }

        var found = Digest.FromHash(hash.GetHashAndReset());
        if (found != named) return $"The {size:n0} bytes have the digest {found}; the address says {named}.";
        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(head);
        bool isSafetensors = size > HeaderStart && head[8] == (byte)'{' && headerBytes <= MaxHeaderBytes && headerBytes + 8 <= (ulong)size;
        return isSafetensors ? null : "The file is not safetensors. `styleclip latents import` makes one of the published forms.";
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
