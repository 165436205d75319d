using System.Buffers.Binary;
using System.Text;

namespace StyleClip.Models.Weights;

/// <summary>Takes bytes, numbers and text from a pickle; no length in it is believed before the bytes are known to exist.</summary>
/// <param name="stream">The pickle; seekable where byte strings are left in place.</param>
/// <param name="limit">Most bytes that may be consumed.</param>
/// <param name="leave">Makes a byte string of an offset and a count instead of reading it; null to read them all.</param>
internal sealed class PickleReader(Stream stream, long limit, Func<long, long, PickleBytes>? leave = null)
{
    private const int MaxLine = 1000;
    private const long MaxHeldBytes = 64 << 20;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private long _held;

    public long Consumed { get; private set; }

    public byte ReadByte()
    {
        if (Consumed >= limit) throw new InvalidDataException($"the pickle does not end within {limit} bytes");
        int value = stream.ReadByte();
        if (value < 0) throw new InvalidDataException("the pickle ends too early");
        Consumed++;
        return (byte)value;
    }

    public byte[] ReadBytes(ulong count)
    {
        if (count > (ulong)(limit - Consumed)) throw new InvalidDataException($"the pickle claims a value of {count} bytes; {limit - Consumed} follow");
        _held += (long)count;
        if (_held > MaxHeldBytes) throw new InvalidDataException($"the pickle's text and numbers take more than {MaxHeldBytes} bytes");
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        Consumed += bytes.Length;
        return bytes;
    }

    /// <summary>A byte string: the bytes, or where they lie.</summary>
    public object ReadByteString(ulong count)
    {
        if (leave is null) return ReadBytes(count);
        if (count > (ulong)(limit - Consumed)) throw new InvalidDataException($"the pickle claims a value of {count} bytes; {limit - Consumed} follow");
        PickleBytes bytes = leave(Consumed, (long)count);
        stream.Seek((long)count, SeekOrigin.Current);
        Consumed += (long)count;
        return bytes;
    }

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(sizeof(ushort)));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(sizeof(int)));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(sizeof(uint)));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(sizeof(ulong)));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(ReadBytes(sizeof(double)));

    public string ReadUtf8(ulong count) => Decode(ReadBytes(count));

    public string ReadLatin1(ulong count) => Encoding.Latin1.GetString(ReadBytes(count));

    public string ReadLine()
    {
        List<byte> bytes = [];
        for (byte value = ReadByte(); value != '\n'; value = ReadByte())
        {
            if (bytes.Count == MaxLine) throw new InvalidDataException($"the pickle has a line of more than {MaxLine} bytes");
            bytes.Add(value);
        }

        return Decode([.. bytes]);
    }

    private static string Decode(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException("the pickle has text that is not UTF-8", error);
        }
    }
}
