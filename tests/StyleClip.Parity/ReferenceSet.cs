using System.Text.Json;

namespace StyleClip.Parity;

/// <summary>A directory of reference numbers.</summary>
public sealed class ReferenceSet
{
    private ReferenceSet(string directory, string prefix) => (Directory, Prefix) = (directory, prefix);

    public string Directory { get; }

    /// <summary>What every seed key begins with.</summary>
    public string Prefix { get; }

    /// <exception cref="InvalidDataException">There is no readable set.json.</exception>
    public static ReferenceSet Open(string directory)
    {
        string path = Path.Combine(directory, "set.json");
        if (!File.Exists(path)) throw new InvalidDataException($"{directory} has no set.json, so it is no set of reference numbers.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new ReferenceSet(directory, document.RootElement.GetProperty("prefix").GetString()!);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} does not name a seed prefix: {error.Message}", error);
        }
    }

    public IEnumerable<string> Files() =>
        System.IO.Directory.EnumerateFiles(Directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>The path of another file of the set, or null where it is not there.</summary>
    public string? Find(string name)
    {
        string path = Path.Combine(Directory, name);
        return File.Exists(path) ? path : null;
    }
}
