using System.Text.Json;
using StyleClip.Reference;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests;

/// <summary>Keys and shapes of state dictionaries, as text that a failed comparison shows.</summary>
internal static class Manifest
{
    /// <summary>Of a published network, as recorded.</summary>
    public static SortedDictionary<string, string> Shapes(string name)
    {
        SortedDictionary<string, string> shapes = new(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(Path.Combine(GoldenData.RepositoryDirectory, $"manifest_{name}.jsonl")))
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            IEnumerable<long> shape = entry.RootElement.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64());
            shapes.Add(entry.RootElement.GetProperty("key").GetString()!, string.Join(',', shape));
        }

        return shapes;
    }

    /// <summary>Of a network of ours.</summary>
    public static SortedDictionary<string, string> Shapes(nn.Module module) =>
        new(module.state_dict().ToDictionary(entry => entry.Key, entry => string.Join(',', entry.Value.shape)), StringComparer.Ordinal);
}
