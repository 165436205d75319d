using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>Reads NumPy's <c>.npy</c> files. Arrays of Python objects are pickles inside and are refused.</summary>
public static class NumpyFileReader
{
    /// <summary>How every file begins.</summary>
    internal static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private const int MaxHeaderBytes = 1 << 16;

    /// <summary>Reads a file into a CPU tensor.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The array, contiguous in row-major order; the caller disposes it.</returns>
    /// <exception cref="WeightsException">The file is damaged or of a kind that is not read; the message says where.</exception>
    public static Tensor Read(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        return Read(stream, path);
    }

    /// <summary>Reads from the stream's position to its end into a CPU tensor.</summary>
    /// <param name="s">A seekable stream: its length bounds what the header may claim.</param>
    /// <param name="name">What the stream is, for error messages.</param>
    /// <returns>The array, contiguous in row-major order; the caller disposes it.</returns>
    /// <exception cref="WeightsException">The data is damaged or of a kind that is not read; the message says where.</exception>
    public static Tensor Read(Stream s, string name)
    {
        ArgumentNullException.ThrowIfNull(s);
        try
        {
            NumpyHeader header = NumpyHeader.Parse(ReadHeader(s));
            long follow = s.Length - s.Position;
            if (header.Bytes != follow) throw new InvalidDataException($"the header claims {header.Dtype} {Shape.Format(header.Shape)}, {header.Bytes} bytes; {follow} follow");
            return ReadData(s, header);
        }
        catch (Exception error) when (WeightsException.IsDamage(error))
        {
            throw WeightsException.Damaged(name, error);
        }
    }

    private static string ReadHeader(Stream s)
    {
        Span<byte> start = stackalloc byte[8];
        if (s.Length - s.Position < start.Length) throw new InvalidDataException("the file is too short for a NumPy array");
        s.ReadExactly(start);
        if (!start.StartsWith(Magic)) throw new InvalidDataException("the file does not begin with NumPy's magic bytes");
        if (start[6] is < 1 or > 3) throw new InvalidDataException($"the format's version is {start[6]}.{start[7]}; 1 to 3 are read");
        Span<byte> size = stackalloc byte[start[6] == 1 ? sizeof(ushort) : sizeof(uint)];
        s.ReadExactly(size);
        long length = start[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MaxHeaderBytes || length > s.Length - s.Position) throw new InvalidDataException($"the header claims {length} bytes; the limit is {MaxHeaderBytes}, and {s.Length - s.Position} follow");
        byte[] header = new byte[length];
        s.ReadExactly(header);
        return Encoding.Latin1.GetString(header);
    }

    private static Tensor ReadData(Stream s, NumpyHeader header)
    {
        Tensor stored = empty(header.IsColumnMajor ? [.. header.Shape.Reverse()] : header.Shape, header.Dtype, CPU);
        try
        {
            TensorBytes.Read(s, stored);
            if (TensorBytes.HasInvalidBool(stored)) throw new InvalidDataException("the array is bool and has bytes other than 0 and 1");
        }
        catch
        {
            stored.Dispose();
            throw;
        }

        if (!header.IsColumnMajor) return stored;
        using (stored)
        using (Tensor view = stored.permute([.. Enumerable.Range(0, header.Shape.Length).Reverse().Select(i => (long)i)]))
        {
            return view.contiguous();
        }
    }
}
