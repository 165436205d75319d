using System.Text.Json;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>The checked table of contents of a safetensors file: entries in the order of their data, without gaps or overlaps.</summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsHeader.Entry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The most bytes a header may have; the same limit as the published reader's.</summary>
    public const long MaxBytes = 100_000_000;

    private const int MaxRank = 64; // libtorch iterates over at most 64 dimensions

    /// <summary>One tensor: offsets count from the end of the header.</summary>
    public sealed record Entry(string Name, ScalarType Dtype, long[] Shape, long Begin, long End);

    /// <summary>Reads the JSON text of a header and checks it against the length of the data that follows it.</summary>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataBytes, string place)
    {
        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 8 });
            List<Entry> entries = [];
            Dictionary<string, string> metadata = new(StringComparer.Ordinal);
            HashSet<string> names = new(StringComparer.Ordinal);
            Expect(ref reader, JsonTokenType.StartObject, place, "the header");
            while (ReadName(ref reader, place) is { } name)
            {
                if (!names.Add(name)) throw new WeightsException($"{place}: \"{name}\" occurs twice in the header; names must be unique.");
                if (name == "__metadata__") ReadMetadata(ref reader, metadata, place);
                else entries.Add(ReadEntry(ref reader, name, place));
            }

            if (reader.Read()) throw new WeightsException($"{place}: the header goes on after its closing brace.");
            return new SafetensorsHeader(Arrange(entries, dataBytes, place), metadata);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: a string that is not valid UTF-8 or has lone surrogates.
            throw new WeightsException($"{place}: the header is not valid JSON ({error.Message})", error);
        }
    }

    private static List<Entry> Arrange(List<Entry> entries, long dataBytes, string place)
    {
        entries = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        long position = 0;
        foreach (Entry entry in entries)
        {
            if (entry.End > dataBytes)
                throw new WeightsException($"{place}: \"{entry.Name}\" ends at byte {entry.End} of the data, which has {dataBytes}; the file is truncated or damaged.");
            if (entry.Begin < position) throw new WeightsException($"{place}: \"{entry.Name}\" overlaps the tensor before it at byte {entry.Begin}.");
            if (entry.Begin > position) throw new WeightsException($"{place}: the data has a hole from byte {position} to {entry.Begin}, before \"{entry.Name}\".");
            position = entry.End;
        }

        if (position != dataBytes) throw new WeightsException($"{place}: {dataBytes - position} bytes after the last tensor belong to none.");
        return entries;
    }

    private static Entry ReadEntry(ref Utf8JsonReader reader, string name, string place)
    {
        string where = $"{place}: \"{name}\"";
        ScalarType? dtype = null;
        List<long>? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, place, $"\"{name}\"");
        while (ReadName(ref reader, where) is { } field)
        {
            bool first = field switch
            {
                "dtype" => dtype is null,
                "shape" => shape is null,
                "data_offsets" => offsets is null,
                _ => throw new WeightsException($"{where} has the unknown field \"{field}\"; dtype, shape and data_offsets are known."),
            };
            if (!first) throw new WeightsException($"{where} has the field \"{field}\" twice.");
            if (field == "dtype") dtype = ReadDtype(ref reader, where);
            else if (field == "shape") shape = ReadNumbers(ref reader, where, field, MaxRank);
            else offsets = ReadNumbers(ref reader, where, field, 2);
        }

        if (dtype is null || shape is null || offsets is not [long begin, long end])
            throw new WeightsException($"{where} must have dtype, shape and two data_offsets.");
        long bytes = ByteCount(shape, SafetensorsDtypes.Size(dtype.Value), where);
        if (end < begin || end - begin != bytes)
            throw new WeightsException($"{where} has the offsets {begin} to {end}; {dtype} {Models.Shape.Format([.. shape])} takes {bytes} bytes.");
        return new Entry(name, dtype.Value, [.. shape], begin, end);
    }

    private static long ByteCount(List<long> shape, int elementSize, string where)
    {
        // Checked without the zeros too: libtorch multiplies the other sizes into strides.
        Int128 count = elementSize;
        foreach (long size in shape)
        {
            count *= Math.Max(size, 1);
            if (count > long.MaxValue) throw new WeightsException($"{where} has the shape {Models.Shape.Format([.. shape])}, whose size in bytes overflows.");
        }

        return shape.Contains(0) ? 0 : (long)count;
    }

    private static ScalarType ReadDtype(ref Utf8JsonReader reader, string where)
    {
        Expect(ref reader, JsonTokenType.String, where, "dtype");
        string text = reader.GetString()!;
        return SafetensorsDtypes.TryParse(text, out ScalarType dtype)
            ? dtype
            : throw new WeightsException($"{where} has the element type \"{text}\"; F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL are supported.");
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string where, string field, int atMost)
    {
        Expect(ref reader, JsonTokenType.StartArray, where, field);
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw new WeightsException($"{where}: {field} must hold whole numbers from 0 to {long.MaxValue}.");
            if (numbers.Count == atMost) throw new WeightsException($"{where}: {field} has more than {atMost} numbers.");
            numbers.Add(number);
        }

        return numbers;
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata, string place)
    {
        Expect(ref reader, JsonTokenType.StartObject, place, "__metadata__");
        while (ReadName(ref reader, place) is { } key)
        {
            Expect(ref reader, JsonTokenType.String, place, $"metadata \"{key}\"");
            if (!metadata.TryAdd(key, reader.GetString()!)) throw new WeightsException($"{place}: metadata \"{key}\" occurs twice; names must be unique.");
        }
    }

    private static string? ReadName(ref Utf8JsonReader reader, string where)
    {
        if (!reader.Read()) throw new WeightsException($"{where}: the header ends too early.");
        return reader.TokenType == JsonTokenType.EndObject ? null : reader.GetString();
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string place, string what)
    {
        if (!reader.Read() || reader.TokenType != type) throw new WeightsException($"{place}: {what} must be {type}, found {reader.TokenType}.");
    }
}
