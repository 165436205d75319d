using System.Collections.Frozen;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>The element types of a safetensors file under their names there.</summary>
internal static class SafetensorsDtypes
{
    private static readonly FrozenDictionary<string, ScalarType> ByName = new Dictionary<string, ScalarType>(StringComparer.Ordinal)
    {
        ["F64"] = ScalarType.Float64,
        ["F32"] = ScalarType.Float32,
        ["F16"] = ScalarType.Float16,
        ["BF16"] = ScalarType.BFloat16,
        ["I64"] = ScalarType.Int64,
        ["I32"] = ScalarType.Int32,
        ["I16"] = ScalarType.Int16,
        ["I8"] = ScalarType.Int8,
        ["U8"] = ScalarType.Byte,
        ["BOOL"] = ScalarType.Bool,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<ScalarType, string> ByType = ByName.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public static bool TryParse(string name, out ScalarType type) => ByName.TryGetValue(name, out type);

    public static string Name(ScalarType type) => ByType.TryGetValue(type, out string? name)
        ? name
        : throw new WeightsException($"A safetensors file cannot hold elements of type {type}; it holds {string.Join(", ", ByName.Keys.Order(StringComparer.Ordinal))}.");

    public static int Size(ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        _ => 1,
    };
}
