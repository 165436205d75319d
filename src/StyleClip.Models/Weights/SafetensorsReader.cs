using System.Buffers.Binary;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>
/// Reads safetensors files. Everything a file says is checked before memory is taken for it; tensor data goes from the stream
/// straight into the tensors.
/// </summary>
public static class SafetensorsReader
{
    /// <summary>Reads a file into CPU tensors.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors and the metadata; the caller disposes them.</returns>
    /// <exception cref="WeightsException">The file is damaged; the message says where.</exception>
    public static StateDict Read(string path) => Read(path, convert: null);

    /// <summary>Reads a file, each tensor converted as soon as it is read.</summary>
    internal static StateDict Read(string path, Func<Tensor, Tensor>? convert)
    {
        // Without a buffer of its own the stream reads into the tensors directly.
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        return Read(stream, path, convert);
    }

    /// <summary>Reads from the stream's position to its end into CPU tensors.</summary>
    /// <param name="s">A seekable stream: its length bounds what the header may claim.</param>
    /// <param name="name">What the stream is, for error messages.</param>
    /// <returns>The tensors and the metadata; the caller disposes them.</returns>
    /// <exception cref="WeightsException">The data is damaged; the message says where.</exception>
    public static StateDict Read(Stream s, string name) => Read(s, name, convert: null);

    private static StateDict Read(Stream s, string name, Func<Tensor, Tensor>? convert)
    {
        ArgumentNullException.ThrowIfNull(s);
        if (!s.CanSeek) throw new ArgumentException("The stream must be seekable, so that its length is known.", nameof(s));
        SafetensorsHeader header = ReadHeader(s, name);
        List<KeyValuePair<string, Tensor>> tensors = [];
        try
        {
            foreach (SafetensorsHeader.Entry entry in header.Entries)
            {
                Tensor tensor = empty(entry.Shape, entry.Dtype, CPU);
                tensors.Add(KeyValuePair.Create(entry.Name, tensor));
                TensorBytes.Read(s, tensor);
                if (TensorBytes.HasInvalidBool(tensor)) throw new WeightsException($"{name}: \"{entry.Name}\" is BOOL and has bytes other than 0 and 1.");
                if (convert is null) continue;
                tensors[^1] = KeyValuePair.Create(entry.Name, convert(tensor));
                tensor.Dispose();
            }

            return new StateDict(tensors, header.Metadata);
        }
        catch (Exception error)
        {
            foreach ((_, Tensor tensor) in tensors) tensor.Dispose();
            if (error is EndOfStreamException) throw new WeightsException($"{name}: the file became shorter while it was read.", error);
            throw;
        }
    }

    private static SafetensorsHeader ReadHeader(Stream s, string name)
    {
        long available = s.Length - s.Position;
        if (available < sizeof(ulong)) throw new WeightsException($"{name}: the file has {available} bytes; a safetensors file begins with 8 bytes of header length.");
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        s.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        available -= sizeof(ulong);
        if (length > SafetensorsHeader.MaxBytes) throw new WeightsException($"{name}: the header claims {length} bytes; the limit is {SafetensorsHeader.MaxBytes}.");
        if ((long)length > available) throw new WeightsException($"{name}: the header claims {length} bytes; only {available} follow. The file is truncated.");
        byte[] json = new byte[length];
        s.ReadExactly(json);
        return SafetensorsHeader.Parse(json, available - (long)length, name);
    }
}
