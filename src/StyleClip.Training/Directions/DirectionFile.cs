using System.Collections.Immutable;
using System.Globalization;
using StyleClip.Models;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

// C channels of a layer

/// <summary>
/// A prompt's direction as one safetensors file: <c>offsets.i</c> [C] of every style layer at strength 1, and in the metadata <c>alpha</c>,
/// <c>beta</c>, <c>channels</c> and <c>largestRelevance</c>.
/// </summary>
public static class DirectionFile
{
    private const string AlphaKey = "alpha", BetaKey = "beta", ChannelsKey = "channels", RelevanceKey = "largestRelevance";

    /// <summary>Whether a file with these tensors is a direction.</summary>
    /// <param name="file">The file.</param>
    public static bool Is(StateDict file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.ContainsKey(Key(0));
    }

    /// <summary>The file's bytes.</summary>
    /// <param name="found">The direction.</param>
    /// <param name="alpha">The strength that it is meant for.</param>
    public static byte[] ToBytes(FoundDirection found, double alpha)
    {
        ArgumentNullException.ThrowIfNull(found);
        return SafetensorsWriter.ToBytes(
            found.Direction.Offsets.Index().ToDictionary(layer => Key(layer.Index), layer => layer.Item),
            new Dictionary<string, string>
            {
                [AlphaKey] = alpha.ToString("R", CultureInfo.InvariantCulture),
                [BetaKey] = found.Beta.ToString("R", CultureInfo.InvariantCulture),
                [ChannelsKey] = found.Direction.SurvivingChannels.ToString(CultureInfo.InvariantCulture),
                [RelevanceKey] = found.Direction.LargestRelevance.ToString("R", CultureInfo.InvariantCulture),
            });
    }

    /// <summary>The direction, on a device.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What it is, for messages.</param>
    /// <param name="generator">The generator whose styles it shall move.</param>
    /// <param name="device">Where it shall be.</param>
    /// <returns>The direction; the caller disposes it.</returns>
    /// <exception cref="WeightsException">The file is no direction, or one for a generator of other sizes.</exception>
    public static StyleDirection Read(StateDict file, string name, GeneratorSpec generator, Device device)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(generator);
        using DisposeScope scope = NewDisposeScope();
        ImmutableArray<int> widths = generator.StyleWidths;
        if (file.Count != widths.Length) throw new WeightsException($"{name} has {file.Count} tensors; a direction of this generator has {widths.Length}, {Key(0)} to {Key(widths.Length - 1)}.");
        Tensor[] offsets = [.. widths.Select((width, layer) =>
        {
            Tensor offset = file[Key(layer)];
            return offset.shape is [var channels] && channels == width
                ? offset.to(device, copy: true).to(ScalarType.Float32)
                : throw new WeightsException($"{Key(layer)} of {name} has the shape {Shape.Format(offset.shape)}; the generator's layer has {width} channels.");
        })];
        return new StyleDirection(offsets, (int)Number(file, name, ChannelsKey), Number(file, name, RelevanceKey));
    }

    /// <summary>The strength that a direction is meant for.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What it is, for messages.</param>
    /// <exception cref="WeightsException">The file does not say it.</exception>
    public static double Alpha(StateDict file, string name)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Number(file, name, AlphaKey);
    }

    private static string Key(int layer) => string.Create(CultureInfo.InvariantCulture, $"offsets.{layer}");

    private static double Number(StateDict file, string name, string key) =>
        file.Metadata.TryGetValue(key, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new WeightsException($"The metadata of {name} must have a number under '{key}'.");
}
