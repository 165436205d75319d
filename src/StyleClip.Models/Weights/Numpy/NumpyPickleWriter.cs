using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>
/// Writes lists of NumPy arrays as a Python pickle of protocol 3, in the form that NumPy itself gives its arrays: what
/// <c>pickle.load</c> of Python 3 returns is a list of lists of arrays.
/// </summary>
public static class NumpyPickleWriter
{
    /// <summary>Writes a list of lists of float32 arrays.</summary>
    /// <param name="s">The stream.</param>
    /// <param name="lists">The arrays, of any layout and device.</param>
    public static void Write(Stream s, params IReadOnlyList<IReadOnlyList<Tensor>> lists)
    {
        ArgumentNullException.ThrowIfNull(s);
        ArgumentNullException.ThrowIfNull(lists);
        ArrayBufferWriter<byte> pickle = new();
        Op(pickle, 0x80, 3, (byte)']', (byte)'(');
        foreach (IReadOnlyList<Tensor> list in lists)
        {
            Op(pickle, (byte)']', (byte)'(');
            foreach (Tensor tensor in list) WriteArray(pickle, tensor);
            Op(pickle, (byte)'e');
        }

        Op(pickle, (byte)'e', (byte)'.');
        s.Write(pickle.WrittenSpan);
    }

    /// <summary>Writes a file, which appears under its name only when complete.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="lists">The arrays.</param>
    public static void Write(string path, params IReadOnlyList<IReadOnlyList<Tensor>> lists)
    {
        string partial = path + ".partial";
        using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None)) Write(stream, lists);
        File.Move(partial, path, overwrite: true);
    }

    // _reconstruct(ndarray, (0,), b'b'), then the state (1, shape, dtype, column-major, bytes)
    private static void WriteArray(ArrayBufferWriter<byte> pickle, Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor values = tensor.detach().to(ScalarType.Float32).cpu().contiguous();
        Global(pickle, "numpy.core.multiarray", "_reconstruct");
        Global(pickle, "numpy", "ndarray");
        Number(pickle, 0);
        Op(pickle, 0x85);
        Bytes(pickle, "b"u8);
        Op(pickle, 0x87, (byte)'R', (byte)'(');
        Number(pickle, 1);
        Op(pickle, (byte)'(');
        foreach (long size in values.shape) Number(pickle, checked((int)size));
        Op(pickle, (byte)'t');
        WriteType(pickle);
        Op(pickle, 0x89);
        Bytes(pickle, values.bytes);
        Op(pickle, (byte)'t', (byte)'b');
    }

    // dtype('f4', False, True), then the state (3, '<', None, None, None, -1, -1, 0)
    private static void WriteType(ArrayBufferWriter<byte> pickle)
    {
        Global(pickle, "numpy", "dtype");
        Text(pickle, "f4");
        Op(pickle, 0x89, 0x88, 0x87, (byte)'R', (byte)'(');
        Number(pickle, 3);
        Text(pickle, "<");
        Op(pickle, (byte)'N', (byte)'N', (byte)'N');
        Number(pickle, -1);
        Number(pickle, -1);
        Number(pickle, 0);
        Op(pickle, (byte)'t', (byte)'b');
    }

    private static void Number(ArrayBufferWriter<byte> pickle, int number) => Sized(pickle, (byte)'J', number, []);

    private static void Text(ArrayBufferWriter<byte> pickle, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Sized(pickle, (byte)'X', utf8.Length, utf8);
    }

    private static void Bytes(ArrayBufferWriter<byte> pickle, ReadOnlySpan<byte> bytes) => Sized(pickle, (byte)'B', bytes.Length, bytes);

    private static void Sized(ArrayBufferWriter<byte> pickle, byte op, int number, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        head[0] = op;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], number);
        pickle.Write(head);
        pickle.Write(content);
    }

    private static void Global(ArrayBufferWriter<byte> pickle, string module, string name)
    {
        Op(pickle, (byte)'c');
        pickle.Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    private static void Op(ArrayBufferWriter<byte> pickle, params ReadOnlySpan<byte> bytes) => pickle.Write(bytes);
}
