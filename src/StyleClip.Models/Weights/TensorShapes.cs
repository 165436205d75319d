using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>Names, shapes and types of tensors: what decides whether weights fit a network.</summary>
internal sealed class TensorShapes
{
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private readonly record struct Entry(long[] Shape, ScalarType Type, bool IsFloatingPoint);

    public static TensorShapes Of(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        TensorShapes shapes = new();
        foreach ((string name, Tensor tensor) in tensors) shapes._entries.Add(name, new(tensor.shape, tensor.dtype, tensor.is_floating_point()));
        return shapes;
    }

    /// <summary>Passes where tensors of these shapes fit a module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="what">The module, for the error message: "the generator".</param>
    /// <param name="optional">Names that may be missing here or unknown to the module.</param>
    /// <exception cref="WeightsException">Names are missing or surplus, or shapes differ; the message lists all of them.</exception>
    public void RequireFit(nn.Module module, string what, ISet<string>? optional = null)
    {
        SortedDictionary<string, Entry> targets = Of(module.state_dict())._entries;
        List<string> faults = [];
        AddFault(faults, "missing", targets.Keys.Where(key => !_entries.ContainsKey(key) && optional?.Contains(key) is not true));
        AddFault(faults, "surplus", _entries.Keys.Where(key => !targets.ContainsKey(key) && optional?.Contains(key) is not true));
        AddFault(faults, "misshapen", _entries.Where(pair => targets.ContainsKey(pair.Key)).Select(pair => Misfit(pair.Key, pair.Value, targets[pair.Key])).OfType<string>());
        if (faults.Count > 0) throw new WeightsException($"The weights do not fit {what}: {string.Join("; ", faults)}.");
    }

    private static void AddFault(List<string> faults, string kind, IEnumerable<string> keys)
    {
        string[] sorted = [.. keys.Order(StringComparer.Ordinal)];
        if (sorted.Length > 0) faults.Add($"{sorted.Length} {kind} ({string.Join(", ", sorted)})");
    }

    private static string? Misfit(string key, Entry source, Entry target)
    {
        if (!source.Shape.AsSpan().SequenceEqual(target.Shape)) return $"{key} is {Shape.Format(source.Shape)}, wanted {Shape.Format(target.Shape)}";
        return source.IsFloatingPoint != target.IsFloatingPoint ? $"{key} is {source.Type}, wanted {target.Type}" : null;
    }
}
