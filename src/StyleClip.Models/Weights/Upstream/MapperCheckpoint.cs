using System.Collections.Immutable;
using System.Globalization;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Mappers;
using StyleClip.Models.StyleGan2;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights.Upstream;

/// <summary>
/// A mapper as StyleCLIP's training saves it, <c>{'state_dict': mapper.* and decoder.*, 'opts': dict}</c>, or its bare weights under the same
/// keys. Owns its tensors.
/// </summary>
public sealed class MapperCheckpoint : IDisposable
{
    /// <summary>The factor on the mapper's output in the published code, which is no option there.</summary>
    public const double PublishedStrength = 0.1;

    private const int MaxDepth = 64;

    private MapperCheckpoint(string path, string format, StateDict weights, ImmutableSortedDictionary<string, string> options)
    {
        (Format, Weights, Options) = (format, weights, options);
        Recipe = Infer(path, weights);
    }

    /// <summary>The kind of file, for people and for the record.</summary>
    public string Format { get; }

    /// <summary>The mapper's tensors, float32, without a prefix.</summary>
    public StateDict Weights { get; }

    /// <summary>Form of the mapper as its keys tell it; everything else as in the published code.</summary>
    public MapperRecipe Recipe { get; }

    /// <summary>The plain options of the training; empty for bare weights.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; }

    /// <summary>The prompt, where the options have it.</summary>
    public string? Description => Options.GetValueOrDefault("description");

    /// <summary>Reads a mapper.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsException">The file is damaged or holds no mapper.</exception>
    public static MapperCheckpoint Read(string path)
    {
        using WeightFile file = WeightFile.Open(path);
        foreach (string? place in new[] { "state_dict", null })
        {
            using StateDict? weights = file.Find(place);
            if (weights is null || Array.Find(["mapper.", ""], prefix => weights.Keys.Any(key => key.StartsWith(prefix, StringComparison.Ordinal) && Part(key[prefix.Length..]) is not null)) is not { } prefix) continue;
            StateDict mapper = Translation.ToFloat32(weights
                .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(pair => KeyValuePair.Create(pair.Key[prefix.Length..], pair.Value)));
            try
            {
                return new MapperCheckpoint(path, $"StyleCLIP mapper, {file.Layout}", mapper, ReadOptions(file.Root));
            }
            catch
            {
                mapper.Dispose();
                throw;
            }
        }

        throw new WeightsException($"{path} is a {file.Layout} with {file.Describe()}; a StyleCLIP mapper has keys such as mapper.course_mapping.mapping.1.weight.");
    }

    /// <summary>Checks the weights against the mapper that they should be of.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="generator">The generator whose latents are mapped.</param>
    /// <exception cref="WeightsException">They do not fit; the message lists everything.</exception>
    public void RequireFit(string path, GeneratorSpec generator)
    {
        MapperSpec spec = MapperSpec.For(generator, Recipe.Kind) with { Levels = Recipe.Levels, Depth = Recipe.Depth };
        if (generator.StyleDim > 4096) throw new WeightsException($"{path}: w has {generator.StyleDim} numbers; at most 4096 are supported.");
        bool isStyleSpace = Recipe.Kind is MapperKind.FullStyleSpace or MapperKind.StyleSpaceWithoutToRgb;
        using var random = new torch.Generator(0, CPU);
        using nn.Module mapper = isStyleSpace ? MapperFactory.CreateStyleSpace(spec, random) : MapperFactory.Create(spec, random);
        Weights.LoadInto(mapper, $"a {Recipe.Kind} mapper for a generator of {generator.Size} px and w of {generator.StyleDim} ({path})");
    }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();

    /// <summary>The sub-network that a key belongs to; null for a key of no mapper.</summary>
    private static string? Part(string key) => key.Split('.') switch
    {
        ["course_mapping" or "medium_mapping" or "fine_mapping", "mapping", _, "weight" or "bias"] and [var level, ..] => level,
        ["mapping", "mapping", _, "weight" or "bias"] => "mapping",
        [['m', 'a', 'p', 'p', 'e', 'r', '_', ..] vector, "mapping", _, "weight" or "bias"] => vector,
        _ => null,
    };

    private static MapperRecipe Infer(string path, StateDict weights)
    {
        HashSet<string> parts = [.. weights.Keys.Select(Part).OfType<string>()];
        Levels levels = (parts.Contains("course_mapping") ? Levels.Coarse : 0) | (parts.Contains("medium_mapping") ? Levels.Medium : 0) | (parts.Contains("fine_mapping") ? Levels.Fine : 0);
        MapperKind kind = levels != Levels.None ? MapperKind.Levels
            : parts.Contains("mapping") ? MapperKind.Single
            : parts.Contains("mapper_1") ? MapperKind.FullStyleSpace // vector 1 feeds the first to-RGB layer
            : MapperKind.StyleSpaceWithoutToRgb;
        string first = parts.Order(StringComparer.Ordinal).First();
        int depth = 0;
        while (weights.ContainsKey(string.Create(CultureInfo.InvariantCulture, $"{first}.mapping.{depth + 1}.weight"))) depth++;
        if (depth is 0 or > MaxDepth) throw new WeightsException($"{path}: {first} has {depth} layers; 1 to {MaxDepth} are supported.");
        return new MapperRecipe
        {
            Kind = kind,
            Levels = kind == MapperKind.Levels ? levels : Levels.All,
            Depth = depth,
            PixelNormAxis = PixelNormAxis.Layer,
            Strength = PublishedStrength,
        };
    }

    private static ImmutableSortedDictionary<string, string> ReadOptions(object? root)
    {
        if (root is not TorchDict dict || !dict.TryGetValue("opts", out object? value) || value is not TorchDict opts) return ImmutableSortedDictionary<string, string>.Empty;
        return opts.Where(pair => pair is { Key: string, Value: string or bool or long or double })
            .ToImmutableSortedDictionary(pair => (string)pair.Key!, pair => Convert.ToString(pair.Value, CultureInfo.InvariantCulture)!, StringComparer.Ordinal);
    }
}
