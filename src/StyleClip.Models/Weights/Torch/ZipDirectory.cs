using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace StyleClip.Models.Weights;

/// <summary>
/// The checked directory of a zip file. Written here rather than taken from System.IO.Compression because that one hides where entries
/// lie, and overlapping entries and false sizes are what a hostile archive is made of.
/// </summary>
internal sealed class ZipDirectory
{
    private const int MaxEntries = 200_000;
    private const int MaxDirectoryBytes = 64 << 20;
    private const int EndRecordBytes = 22, LocatorBytes = 20, End64RecordBytes = 56, HeaderBytes = 46;
    private const uint EndSignature = 0x06054b50, LocatorSignature = 0x07064b50, End64Signature = 0x06064b50, HeaderSignature = 0x02014b50;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, ZipEntry> _entries = new(StringComparer.Ordinal);

    private ZipDirectory()
    {
    }

    public IReadOnlyCollection<ZipEntry> Entries => _entries.Values;

    public static ZipDirectory Read(SafeFileHandle handle)
    {
        (long offset, long size, long count) = FindDirectory(handle);
        if (count > MaxEntries) throw new InvalidDataException($"the archive claims {count} entries; the limit is {MaxEntries}");
        if (size > MaxDirectoryBytes) throw new InvalidDataException($"the archive's directory claims {size} bytes; the limit is {MaxDirectoryBytes}");
        byte[] directory = ReadAt(handle, offset, (int)size);
        ZipDirectory result = new();
        int position = 0;
        for (long i = 0; i < count; i++)
        {
            ZipEntry entry = ReadHeader(handle, directory, ref position);
            RequireHarmlessName(entry.Name);
            if (!result._entries.TryAdd(entry.Name, entry)) throw new InvalidDataException($"the archive has two entries named \"{entry.Name}\"");
        }

        result.RequireNoOverlap(offset);
        return result;
    }

    public ZipEntry? Find(string name) => _entries.GetValueOrDefault(name);

    public static byte[] ReadAt(SafeFileHandle handle, long offset, int count)
    {
        byte[] bytes = new byte[count];
        using FileSlice slice = new(handle, offset, count);
        slice.ReadExactly(bytes);
        return bytes;
    }

    private static (long Offset, long Size, long Count) FindDirectory(SafeFileHandle handle)
    {
        long length = RandomAccess.GetLength(handle);
        int tailBytes = (int)Math.Min(length, EndRecordBytes + ushort.MaxValue);
        byte[] tail = ReadAt(handle, length - tailBytes, tailBytes);
        int at = tailBytes - EndRecordBytes;
        while (at >= 0 && !(Int32(tail, at) == EndSignature && at + EndRecordBytes + Int16(tail, at + 20) == tailBytes)) at--;
        if (at < 0) throw new InvalidDataException("the archive has no directory at its end; it is truncated");
        long end = length - tailBytes + at;
        (long offset, long size, long count) = (Int32(tail, at + 16), Int32(tail, at + 12), Int16(tail, at + 10));
        if (at >= LocatorBytes && Int32(tail, at - LocatorBytes) == LocatorSignature)
        {
            long end64 = Int64(tail, at - LocatorBytes + 8);
            if (end64 < 0 || end64 > end - LocatorBytes - End64RecordBytes) throw new InvalidDataException($"the archive's 64-bit end record cannot be at byte {end64}");
            byte[] record = ReadAt(handle, end64, End64RecordBytes);
            if (Int32(record, 0) != End64Signature) throw new InvalidDataException($"the archive has no 64-bit end record at byte {end64}");
            (offset, size, count) = (Int64(record, 48), Int64(record, 40), Int64(record, 32));
            end = end64;
        }

        if (offset < 0 || size < 0 || count < 0 || offset > end || size > end - offset)
            throw new InvalidDataException($"the archive's directory of {size} bytes at byte {offset} lies outside the file");
        return (offset, size, count);
    }

    private static ZipEntry ReadHeader(SafeFileHandle handle, byte[] directory, ref int position)
    {
        if (directory.Length - position < HeaderBytes || Int32(directory, position) != HeaderSignature)
            throw new InvalidDataException("the archive's directory is damaged");
        int header = position;
        int nameBytes = Int16(directory, header + 28), extraBytes = Int16(directory, header + 30), commentBytes = Int16(directory, header + 32);
        int extra = header + HeaderBytes + nameBytes;
        position = extra + extraBytes + commentBytes;
        if (position > directory.Length) throw new InvalidDataException("the archive's directory is damaged");
        string name = Name(directory.AsSpan(header + HeaderBytes, nameBytes));
        long size = Int32(directory, header + 24), compressed = Int32(directory, header + 20), offset = Int32(directory, header + 42);
        ReadExtra64(directory.AsSpan(extra, extraBytes), ref size, ref compressed, ref offset);
        return new ZipEntry(handle)
        {
            Name = name,
            Flags = Int16(directory, header + 8),
            Method = Int16(directory, header + 10),
            Crc = Int32(directory, header + 16),
            CompressedBytes = compressed,
            Bytes = size,
            HeaderOffset = offset,
        }.Located();
    }

    private static void ReadExtra64(ReadOnlySpan<byte> extra, ref long size, ref long compressed, ref long offset)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra), bytes = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (bytes > extra.Length - 4) return; // padding that aligns the data, not a record
            ReadOnlySpan<byte> field = extra.Slice(4, bytes);
            extra = extra[(4 + bytes)..];
            if (id != 1) continue;
            Take(ref field, ref size);
            Take(ref field, ref compressed);
            Take(ref field, ref offset);
            return;
        }
    }

    private static void Take(ref ReadOnlySpan<byte> field, ref long value)
    {
        if (value != uint.MaxValue || field.Length < sizeof(long)) return;
        value = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[sizeof(long)..];
    }

    private static string Name(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException("an entry's name is not UTF-8", error);
        }
    }

    private static void RequireHarmlessName(string name)
    {
        bool harmful = name.Length == 0 || name[0] == '/' || name.Contains('\\', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal)
            || name.Any(char.IsControl) || name.Split('/').Any(part => part is "." or "..");
        if (harmful) throw new InvalidDataException($"the archive has an entry named \"{name}\", which reaches outside it");
    }

    private void RequireNoOverlap(long directoryOffset)
    {
        long end = 0;
        foreach (ZipEntry entry in _entries.Values.OrderBy(entry => entry.HeaderOffset))
        {
            if (entry.HeaderOffset < end) throw new InvalidDataException($"the entry \"{entry.Name}\" overlaps the one before it");
            end = entry.DataOffset + entry.CompressedBytes;
            if (end > directoryOffset) throw new InvalidDataException($"the entry \"{entry.Name}\" ends at byte {end}, beyond the data");
        }
    }

    private static ushort Int16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint Int32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static long Int64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
}
