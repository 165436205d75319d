using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>One entry of a zip file: where it lies and how to read it.</summary>
internal sealed record ZipEntry(SafeFileHandle Handle)
{
    private const int Stored = 0, Deflated = 8;
    private const int LocalHeaderBytes = 30;
    private const uint LocalSignature = 0x04034b50;
    private const int EncryptedFlag = 1;

    // Weights hardly compress; only buffers of zeros do, and those are small.
    private const long MaxRatio = 200, FreeBytes = 1 << 20;

    public required string Name { get; init; }

    public required int Flags { get; init; }

    public required int Method { get; init; }

    public required uint Crc { get; init; }

    public required long CompressedBytes { get; init; }

    public required long Bytes { get; init; }

    public required long HeaderOffset { get; init; }

    public long DataOffset { get; private init; }

    /// <summary>Checks the directory's claims and finds the data behind the local header.</summary>
    public ZipEntry Located()
    {
        if ((Flags & EncryptedFlag) != 0) throw new InvalidDataException($"the entry \"{Name}\" is encrypted");
        if (Method is not (Stored or Deflated)) throw new InvalidDataException($"the entry \"{Name}\" is compressed by method {Method}; stored and deflated entries are read");
        long length = RandomAccess.GetLength(Handle);
        if (HeaderOffset < 0 || HeaderOffset > length - LocalHeaderBytes) throw new InvalidDataException($"the entry \"{Name}\" cannot begin at byte {HeaderOffset}");
        byte[] local = ZipDirectory.ReadAt(Handle, HeaderOffset, LocalHeaderBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalSignature) throw new InvalidDataException($"the entry \"{Name}\" has no header at byte {HeaderOffset}");
        long data = HeaderOffset + LocalHeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(28));
        if (CompressedBytes < 0 || data > length || CompressedBytes > length - data)
            throw new InvalidDataException($"the entry \"{Name}\" claims {CompressedBytes} bytes at byte {data}; the file has {length}");
        if (Bytes < 0 || (Method == Stored && Bytes != CompressedBytes))
            throw new InvalidDataException($"the stored entry \"{Name}\" claims {Bytes} bytes in {CompressedBytes}");
        if (Bytes > FreeBytes && Bytes / MaxRatio > CompressedBytes)
            throw new InvalidDataException($"the entry \"{Name}\" claims {Bytes} bytes from {CompressedBytes}; the limit is {MaxRatio} to 1");
        return this with { DataOffset = data };
    }

    /// <summary>The contents; a stream that gives more or less than <see cref="Bytes"/> is the caller's to notice.</summary>
    public Stream Open()
    {
        FileSlice slice = new(Handle, DataOffset, CompressedBytes);
        return Method == Stored ? slice : new DeflateStream(slice, CompressionMode.Decompress);
    }

    public byte[] ReadAll(int limit)
    {
        if (Bytes > limit) throw new InvalidDataException($"the entry \"{Name}\" has {Bytes} bytes; the limit is {limit}");
        byte[] bytes = new byte[Bytes];
        using Stream stream = Open();
        stream.ReadExactly(bytes);
        RequireEnd(stream);
        RequireCrc(Crc32.HashToUInt32(bytes));
        return bytes;
    }

    public void ReadInto(Tensor tensor)
    {
        using Stream stream = Open();
        TensorBytes.Read(stream, tensor);
        RequireEnd(stream);
        Crc32 crc = new();
        TensorBytes.Visit(tensor, bytes => crc.Append(bytes));
        RequireCrc(crc.GetCurrentHashAsUInt32());
    }

    private void RequireEnd(Stream stream)
    {
        if (stream.ReadByte() >= 0) throw new InvalidDataException($"the entry \"{Name}\" holds more than the {Bytes} bytes it claims");
    }

    private void RequireCrc(uint actual)
    {
        if (actual != Crc) throw new InvalidDataException($"the entry \"{Name}\" has the checksum {actual:x8}; the archive says {Crc:x8}");
    }
}
