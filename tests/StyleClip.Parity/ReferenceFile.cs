using System.Text.Json;
using StyleClip.Models.Weights;

namespace StyleClip.Parity;

/// <summary>One file of a set; its tensors are read when first asked for.</summary>
public sealed class ReferenceFile(ReferenceSet set, string name) : IDisposable
{
    private StateDict? _tensors;
    private Dictionary<string, double>? _recordedErrors;

    public ReferenceSet Set { get; } = set;

    public string Name { get; } = name;

    public string FullPath => Path.Combine(Set.Directory, Name);

    /// <summary>The name without its extension.</summary>
    public string Stem => Path.GetFileNameWithoutExtension(Name);

    public bool IsSafetensors => Name.EndsWith(".safetensors", StringComparison.Ordinal);

    public StateDict Tensors => _tensors ??= SafetensorsReader.Read(FullPath);

    /// <summary>A setting of the file.</summary>
    /// <exception cref="InvalidDataException">The file does not have it.</exception>
    public string Setting(string key) => Tensors.Metadata.TryGetValue(key, out string? value)
        ? value
        : throw new InvalidDataException($"{Name} has no '{key}' in its metadata.");

    public int Number(string key) => int.Parse(Setting(key), System.Globalization.CultureInfo.InvariantCulture);

    public T Json<T>(string key) => JsonSerializer.Deserialize<T>(Setting(key))
        ?? throw new InvalidDataException($"{Name}: '{key}' in the metadata is null.");

    public bool Has(params ReadOnlySpan<string> settings)
    {
        foreach (string key in settings)
        {
            if (!Tensors.Metadata.ContainsKey(key)) return false;
        }

        return true;
    }

    /// <summary>The relative L2 difference between float32 and float64 that was seen for a tensor, where it was taken.</summary>
    public double? RecordedError(string tensor)
    {
        _recordedErrors ??= ReadRecordedErrors();
        return _recordedErrors.TryGetValue(tensor, out double error) ? error : null;
    }

    private Dictionary<string, double> ReadRecordedErrors()
    {
        Dictionary<string, double> errors = new(StringComparer.Ordinal);
        if (Set.Find(Stem + ".tolerance.json") is not { } path) return errors;
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (JsonProperty tensor in document.RootElement.EnumerateObject())
        {
            if (tensor.Value.TryGetProperty("rel_l2", out JsonElement error)) errors[tensor.Name] = error.GetDouble();
        }

        return errors;
    }

    public void Dispose() => _tensors?.Dispose();
}
