using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace StyleClip.Models.Tests.Weights;

/// <summary>Writes PyTorch files by hand: pickles opcode by opcode and the zip archives around them.</summary>
internal sealed class TorchFileBytes
{
    private readonly List<byte> _pickle = [];

    public byte[] Bytes => [.. _pickle];

    public static TorchFileBytes Pickle => new TorchFileBytes().Op(0x80, 2);

    /// <summary>A zip file in PyTorch's layout: a pickle and other entries, all stored.</summary>
    public static byte[] Zip(byte[] pickle, params (string Name, byte[] Data)[] entries) => Archive([], [("a/data.pkl", pickle), .. entries]);

    /// <summary>A zip file of any entries, some of them deflated.</summary>
    public static byte[] Archive(string[] deflated, params (string Name, byte[] Data)[] entries)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] data) in entries)
            {
                CompressionLevel level = deflated.Contains(name) ? CompressionLevel.Optimal : CompressionLevel.NoCompression;
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(data);
            }
        }

        return stream.ToArray();
    }

    public TorchFileBytes Op(params byte[] bytes)
    {
        _pickle.AddRange(bytes);
        return this;
    }

    public TorchFileBytes Mark() => Op((byte)'(');

    public TorchFileBytes Tuple() => Op((byte)'t');

    public TorchFileBytes Reduce() => Op((byte)'R');

    public TorchFileBytes Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Op((byte)'X').Op(BitConverter.GetBytes(bytes.Length));
        return Op(bytes);
    }

    public TorchFileBytes Number(int value) => Op((byte)'J').Op(BitConverter.GetBytes(value));

    public TorchFileBytes Global(string module, string name) => Op([(byte)'c', .. Encoding.ASCII.GetBytes($"{module}\n{name}\n")]);

    public TorchFileBytes Numbers(params int[] values)
    {
        Mark();
        foreach (int value in values) Number(value);
        return Tuple();
    }

    public TorchFileBytes Storage(string type, string key, int count, bool legacy = false)
    {
        Mark().Text("storage").Global("torch", type).Text(key).Text("cpu").Number(count);
        if (legacy) Op((byte)'N'); // no view of another storage
        return Tuple().Op((byte)'Q');
    }

    public TorchFileBytes Tensor(string type, string key, int count, int offset, int[] shape, int[] strides, bool legacy = false) =>
        Global("torch._utils", "_rebuild_tensor_v2").Mark().Storage(type, key, count, legacy).Number(offset).Numbers(shape).Numbers(strides)
            .Op(0x89).Global("collections", "OrderedDict").Op((byte)')').Reduce().Tuple().Reduce();

    public byte[] End() => Op((byte)'.').Bytes;

    public static byte[] Floats(params float[] values)
    {
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return bytes;
    }

    /// <summary>The layout before PyTorch 1.6.</summary>
    public static byte[] Legacy(byte[] pickle, params (string Key, long Count, byte[] Data)[] storages)
    {
        using MemoryStream file = new();
        file.Write([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.']);
        file.Write([0x80, 2, (byte)'M', 0xe9, 3, (byte)'.']);
        file.Write(Pickle.Op((byte)'}').Text("little_endian").Op(0x88, (byte)'s').End());
        file.Write(pickle);
        TorchFileBytes keys = Pickle.Op((byte)']').Mark();
        foreach ((string key, _, _) in storages) keys.Text(key);
        file.Write(keys.Op((byte)'e').End());
        foreach ((_, long count, byte[] data) in storages)
        {
            file.Write(BitConverter.GetBytes(count));
            file.Write(data);
        }

        return file.ToArray();
    }
}
