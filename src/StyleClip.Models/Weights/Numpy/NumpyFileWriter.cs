using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>Writes NumPy's <c>.npy</c> files, version 1.0, little-endian, row-major.</summary>
public static class NumpyFileWriter
{
    private const int Alignment = 64;

    /// <summary>Writes a tensor to a stream.</summary>
    /// <param name="s">The stream.</param>
    /// <param name="tensor">The tensor, of any layout and device.</param>
    /// <exception cref="WeightsException">NumPy has no such element type.</exception>
    public static void Write(Stream s, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(s);
        ArgumentNullException.ThrowIfNull(tensor);
        s.Write(Header(tensor));
        using DisposeScope scope = NewDisposeScope();
        TensorBytes.Write(s, tensor.detach().cpu().contiguous());
    }

    /// <summary>Writes a tensor to a file, which appears under its name only when complete.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="tensor">The tensor.</param>
    public static void Write(string path, Tensor tensor)
    {
        string partial = path + ".partial";
        using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None)) Write(stream, tensor);
        File.Move(partial, path, overwrite: true);
    }

    private static byte[] Header(Tensor tensor)
    {
        string sizes = string.Join(", ", tensor.shape) + (tensor.shape.Length == 1 ? "," : "");
        string text = $"{{'descr': '{NumpyDtype.Code(tensor.dtype)}', 'fortran_order': False, 'shape': ({sizes}), }}";
        int start = NumpyFileReader.Magic.Length + 2 + sizeof(ushort);
        int length = ((start + text.Length + 1 + Alignment - 1) / Alignment * Alignment) - start;
        byte[] header = new byte[start + length];
        NumpyFileReader.Magic.CopyTo(header);
        header[NumpyFileReader.Magic.Length] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(start - sizeof(ushort)), (ushort)length);
        Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n").CopyTo(header, start);
        return header;
    }
}
