using System.Globalization;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Reference.Packs;

/// <summary>Directions of drawn numbers, as files: they show nothing, but everything that applies a direction takes them.</summary>
public static class RandomDirection
{
    /// <summary>Writes a direction for the generator of the pack in a folder.</summary>
    public static void Write(string packFolder, string path, double alpha, long seed = 1)
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new torch.Generator((ulong)seed, CPU);
        SafetensorsWriter.Write(
            path,
            PackShapes.Spec(FrozenNetworks.ReadManifest(packFolder).Generator).StyleWidths.Index().ToDictionary(
                layer => string.Create(CultureInfo.InvariantCulture, $"offsets.{layer.Index}"),
                layer => randn(layer.Item, generator: random)),
            new Dictionary<string, string>
            {
                ["alpha"] = alpha.ToString(CultureInfo.InvariantCulture),
                ["beta"] = "0.1",
                ["channels"] = "7",
                ["largestRelevance"] = "0.2",
            });
    }
}
