using System.Collections.Immutable;

namespace StyleClip.Contracts.Packs;

/// <summary>Checks what a manifest says of its perceptual network.</summary>
internal static class PackPerceptualRules
{
    private const int Colours = 3, MaxLayers = 32, MaxWidth = 4096, MaxWorkingSize = 2048;

    /// <summary>Every rule that the section breaks, each as path, value and rule.</summary>
    public static IEnumerable<string> Validate(PackPerceptual section)
    {
        ImmutableArray<PackPerceptualLayer> layers = section.Layers.IsDefault ? [] : section.Layers;
        if (layers.Length is 0 or > MaxLayers) yield return $"perceptual.layers has {layers.Length} layers; it must have 1 to {MaxLayers}";
        int given = Colours;
        foreach ((int i, PackPerceptualLayer layer) in layers.Index())
        {
            if (layer.In != given) yield return $"perceptual.layers[{i}].in is {layer.In}; it must be {given}, what the layer before it gives";
            if (layer.Out is < 1 or > MaxWidth) yield return $"perceptual.layers[{i}].out is {layer.Out}; it must be 1 to {MaxWidth}";
            given = layer.Out;
        }

        int least = 1 << Math.Min(layers.Count(layer => layer.Pool), MaxLayers - 2);
        if (section.WorkingSize < least || section.WorkingSize > MaxWorkingSize)
            yield return $"perceptual.workingSize is {section.WorkingSize}; it must be {least} to {MaxWorkingSize}";
    }
}
