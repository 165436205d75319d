using System.Collections.Immutable;
using System.Globalization;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Mappers;
using StyleClip.Models.StyleGan2;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Parity;

/// <summary>What mapper_TAG_coach files record of a small generator and a mapper on it.</summary>
public static class CoachNetworks
{
    private const double EditStrength = 0.1; // as published

    /// <summary>The generator's shape in the metadata of the numbers; the channel table there goes on beyond the size.</summary>
    public static GeneratorSpec SpecOf(ReferenceFile numbers)
    {
        int size = numbers.Number("stylegan_size");
        return new GeneratorSpec
        {
            Size = size,
            StyleDim = numbers.Number("latent_dim"),
            MappingLayers = numbers.Number("n_mlp"),
            Channels = numbers.Json<Dictionary<string, int>>("channels")
                .Select(pair => KeyValuePair.Create(int.Parse(pair.Key, CultureInfo.InvariantCulture), pair.Value))
                .Where(pair => pair.Key <= size)
                .ToImmutableSortedDictionary(),
        };
    }

    /// <summary>A mapper without weights, of the kind and with the levels that the keys belong to (without <c>mapper.</c> in front).</summary>
    public static Mapper MapperOf(IReadOnlyCollection<string> keys, GeneratorSpec generator) =>
        keys.All(key => key.StartsWith("mapping.", StringComparison.Ordinal))
            ? new SingleMapper(MapperSpec.For(generator, MapperKind.Single))
            : new LevelsMapper(MapperSpec.For(generator) with { Levels = LevelsOf(keys) });

    private static Levels LevelsOf(IEnumerable<string> keys)
    {
        Levels levels = Levels.None;
        foreach (string key in keys)
        {
            levels |= key[..key.IndexOf('_', StringComparison.Ordinal)] switch
            {
                "course" => Levels.Coarse,
                "medium" => Levels.Medium,
                "fine" => Levels.Fine,
                _ => throw new InvalidDataException($"'{key}' is no weight of a mapper with levels."),
            };
        }

        return levels;
    }

    public static void Compare(SafetensorsComparison comparison, Inputs inputs, Generator generator, Mapper mapper)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor wPlus = inputs.Latent("wplus", comparison.Recorded("wplus").shape);
        Tensor delta = mapper.Delta(wPlus);
        Tensor edited = wPlus + (EditStrength * delta);
        comparison.Compare("wplus", wPlus);
        comparison.Compare("delta", delta);
        comparison.Compare("w_hat", edited);
        comparison.Compare("image", generator.Synthesize(wPlus));
        comparison.Compare("image_hat", generator.Synthesize(edited));
    }
}
