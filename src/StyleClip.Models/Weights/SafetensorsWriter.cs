using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>
/// Writes safetensors files. The same tensors and metadata give the same bytes: names are in ordinal order in the header, data is
/// ordered by falling element size and then by name, so that every tensor is aligned for readers that map the file.
/// </summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes tensors to a stream.</summary>
    /// <param name="s">The stream.</param>
    /// <param name="tensors">The tensors, of any layout and device; they are left as they are.</param>
    /// <param name="metadata">Free text to store with them; null for none.</param>
    /// <exception cref="WeightsException">A tensor has an element type that the format lacks, or a name that it reserves.</exception>
    public static void Write(Stream s, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        ArgumentNullException.ThrowIfNull(tensors);
        KeyValuePair<string, Tensor>[] inDataOrder =
            [.. tensors.OrderByDescending(pair => SafetensorsDtypes.Size(pair.Value.dtype)).ThenBy(pair => pair.Key, StringComparer.Ordinal)];
        s.Write(Header(inDataOrder, metadata));
        foreach ((_, Tensor tensor) in inDataOrder)
        {
            using DisposeScope scope = NewDisposeScope();
            TensorBytes.Write(s, tensor.detach().cpu().contiguous());
        }
    }

    /// <summary>Writes tensors to a file, which appears under its name only when complete.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="metadata">Free text to store with them; null for none.</param>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        string partial = path + ".partial";
        using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None)) Write(stream, tensors, metadata);
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Writes tensors to memory.</summary>
    /// <param name="tensors">The tensors, below 2 GiB together.</param>
    /// <param name="metadata">Free text to store with them; null for none.</param>
    /// <returns>The bytes of the file.</returns>
    public static byte[] ToBytes(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using MemoryStream stream = new();
        Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    private static byte[] Header(KeyValuePair<string, Tensor>[] inDataOrder, IReadOnlyDictionary<string, string>? metadata)
    {
        SortedDictionary<string, (Tensor Tensor, long Begin)> entries = new(StringComparer.Ordinal);
        long position = 0;
        foreach ((string name, Tensor tensor) in inDataOrder)
        {
            if (name == "__metadata__") throw new WeightsException("A tensor is named \"__metadata__\"; the format reserves that name.");
            entries.Add(name, (tensor, position));
            position += tensor.numel() * tensor.element_size();
        }

        using MemoryStream stream = new();
        stream.Write(new byte[sizeof(ulong)]);
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            foreach ((string name, (Tensor tensor, long begin)) in entries) WriteEntry(json, name, tensor, begin);
            json.WriteEndObject();
        }

        while (stream.Length % Alignment != 0) stream.WriteByte((byte)' ');
        byte[] header = stream.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(header.Length - sizeof(ulong)));
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is not { Count: > 0 }) return;
        json.WriteStartObject("__metadata__");
        foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, Tensor tensor, long begin)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", SafetensorsDtypes.Name(tensor.dtype));
        json.WriteStartArray("shape");
        foreach (long size in tensor.shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(begin + (tensor.numel() * tensor.element_size()));
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
