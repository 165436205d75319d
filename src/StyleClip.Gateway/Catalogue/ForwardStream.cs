namespace StyleClip.Gateway.Catalogue;

/// <summary>
/// Gives a stream that can only be read on the one kind of seeking that a range of bytes needs: forward, by reading over what lies
/// between. What was read of the stream already comes first.
/// </summary>
internal sealed class ForwardStream(ReadOnlyMemory<byte> head, Stream rest) : Stream
{
    private const int SkipBytes = 1 << 16;

    private long _at, _wanted;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => rest.Length;

    public override long Position
    {
        get => _wanted;
        set => _wanted = value >= _at ? value : throw new NotSupportedException($"The stream is at {_at} and goes forward only; {value} lies behind.");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        byte[]? skipped = null;
        while (_at < _wanted)
        {
            skipped ??= new byte[SkipBytes];
            if (await ReadNext(skipped.AsMemory(0, (int)Math.Min(SkipBytes, _wanted - _at)), cancellationToken).ConfigureAwait(false) == 0) return 0;
        }

        int read = await ReadNext(buffer, cancellationToken).ConfigureAwait(false);
        _wanted = _at;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _wanted + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
        // nothing is written
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) rest.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadNext(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read;
        if (_at < head.Length)
        {
            read = Math.Min(buffer.Length, head.Length - (int)_at);
            head.Slice((int)_at, read).CopyTo(buffer);
        }
        else
        {
            read = await rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        _at += read;
        return read;
    }
}
