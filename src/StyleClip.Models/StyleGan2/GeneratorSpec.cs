using System.Collections.Immutable;
using System.Numerics;
using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

/// <summary>The shape of a StyleGAN2 generator.</summary>
public sealed record GeneratorSpec
{
    /// <summary>Smallest output size.</summary>
    public const int MinSize = 8;

    /// <summary>Largest output size.</summary>
    public const int MaxSize = 1024;

    /// <summary>Height and width of the image in pixels, a power of two.</summary>
    public required int Size { get; init; }

    /// <summary>Length of z, of w and of a row of W+.</summary>
    public int StyleDim { get; init; } = 512;

    /// <summary>Number of layers that map z to w.</summary>
    public int MappingLayers { get; init; } = 8;

    /// <summary>Channels at each resolution 4, 8, ..., <see cref="Size"/>.</summary>
    public required ImmutableSortedDictionary<int, int> Channels { get; init; }

    /// <summary>Number of rows of W+: 18 at 1024 pixels.</summary>
    public int StyleLayers => (2 * BitOperations.Log2((uint)Size)) - 2;

    /// <summary>Number of resolutions after 4x4; each adds two convolutions and one to-RGB layer.</summary>
    public int Blocks => BitOperations.Log2((uint)Size) - 2;

    /// <summary>Width of every vector of style space, in the order conv1, to_rgb1, then conv, conv, to_rgb of each resolution.</summary>
    public ImmutableArray<int> StyleWidths => [.. StyleVectors().Select(vector => vector.Width)];

    /// <summary>Which vectors of style space feed a to-RGB layer; same order as <see cref="StyleWidths"/>.</summary>
    public ImmutableArray<bool> StyleIsToRgb => [.. StyleVectors().Select(vector => vector.IsToRgb)];

    /// <summary>The row of W+ that each vector of style space is computed from; same order as <see cref="StyleWidths"/>.</summary>
    public ImmutableArray<int> StyleRows => [.. StyleVectors().Select(vector => vector.Row)];

    /// <summary>The published "config F": 512 channels up to 32 pixels, then halving, times <paramref name="channelMultiplier"/> / 2.</summary>
    /// <param name="size">Height and width of the image in pixels, a power of two.</param>
    /// <param name="channelMultiplier">2 in the published models of 1024 pixels.</param>
    /// <param name="styleDim">Length of z and w.</param>
    /// <param name="mappingLayers">Number of layers of the mapping network.</param>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public static GeneratorSpec ConfigF(int size, int channelMultiplier = 2, int styleDim = 512, int mappingLayers = 8)
    {
        RequireSize(size);
        return new GeneratorSpec
        {
            Size = size,
            StyleDim = styleDim,
            MappingLayers = mappingLayers,
            Channels = Resolutions(size).ToImmutableSortedDictionary(
                resolution => resolution,
                resolution => resolution <= 32 ? 512 : channelMultiplier * 16384 / resolution),
        }.Validated();
    }

    /// <summary>Reads the shape off a generator's state dict with the published keys.</summary>
    /// <param name="stateDict">Tensors by key, without a prefix such as <c>g_ema.</c> or <c>decoder.</c>.</param>
    /// <exception cref="WeightsException">A key is missing or a tensor has another rank; the message names it.</exception>
    /// <exception cref="ArgumentException">The shapes describe no possible generator.</exception>
    public static GeneratorSpec Infer(IReadOnlyDictionary<string, Tensor> stateDict)
    {
        ArgumentNullException.ThrowIfNull(stateDict);
        int blocks = CountFrom(0, i => $"to_rgbs.{i}.conv.weight", stateDict);
        var channels = ImmutableSortedDictionary.CreateBuilder<int, int>();
        channels[4] = Dimension(stateDict, UpstreamKeys.FirstConvWeight, rank: 5, dimension: 1);
        for (int block = 0; block < blocks; block++)
            channels[8 << block] = Dimension(stateDict, $"convs.{2 * block}.conv.weight", rank: 5, dimension: 1);
        return new GeneratorSpec
        {
            Size = 4 << blocks,
            StyleDim = Dimension(stateDict, UpstreamKeys.FirstModulationWeight, rank: 2, dimension: 1),
            MappingLayers = CountFrom(1, i => $"{UpstreamKeys.Mapping}.{i}.weight", stateDict),
            Channels = channels.ToImmutable(),
        }.Validated();
    }

    /// <summary>Compares by value, the channel table included.</summary>
    public bool Equals(GeneratorSpec? other) =>
        other is not null && Size == other.Size && StyleDim == other.StyleDim && MappingLayers == other.MappingLayers
        && Channels.SequenceEqual(other.Channels);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        Channels.Aggregate(HashCode.Combine(Size, StyleDim, MappingLayers), (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));

    /// <summary>Returns this spec if it describes a possible generator.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public GeneratorSpec Validated()
    {
        RequireSize(Size);
        if (StyleDim < 1)
            throw new ArgumentException($"StyleDim is {StyleDim}; it must be at least 1.");
        if (MappingLayers < 1)
            throw new ArgumentException($"MappingLayers is {MappingLayers}; it must be at least 1.");
        if (!Channels.Keys.SequenceEqual(Resolutions(Size)))
            throw new ArgumentException($"Channels has the resolutions {string.Join(", ", Channels.Keys)}; it must have {string.Join(", ", Resolutions(Size))}.");
        foreach ((int resolution, int count) in Channels)
        {
            if (count < 1)
                throw new ArgumentException($"Channels[{resolution}] is {count}; it must be at least 1.");
        }
        return this;
    }

    private IEnumerable<StyleVector> StyleVectors()
    {
        yield return new(Channels[4], IsToRgb: false, Row: 0);
        yield return new(Channels[4], IsToRgb: true, Row: 1);
        for (int block = 0; block < Blocks; block++)
        {
            // A block's to-RGB layer shares its row with the first convolution of the next block.
            yield return new(Channels[4 << block], IsToRgb: false, Row: (2 * block) + 1);
            yield return new(Channels[8 << block], IsToRgb: false, Row: (2 * block) + 2);
            yield return new(Channels[8 << block], IsToRgb: true, Row: (2 * block) + 3);
        }
    }

    private static IEnumerable<int> Resolutions(int size)
    {
        for (int resolution = 4; resolution <= size; resolution *= 2)
            yield return resolution;
    }

    private static void RequireSize(int size)
    {
        if (size is < MinSize or > MaxSize || !BitOperations.IsPow2(size))
            throw new ArgumentException($"The image size is {size}; it must be a power of two from {MinSize} to {MaxSize}.", nameof(size));
    }

    private static int CountFrom(int first, Func<int, string> key, IReadOnlyDictionary<string, Tensor> stateDict)
    {
        int count = 0;
        while (stateDict.ContainsKey(key(first + count)))
            count++;
        return count;
    }

    private static int Dimension(IReadOnlyDictionary<string, Tensor> stateDict, string key, int rank, int dimension)
    {
        if (!stateDict.TryGetValue(key, out Tensor? tensor))
            throw new WeightsException($"The state dict has no {key}; it is not one of a StyleGAN2 generator with the published keys.");
        long[] shape = tensor.shape;
        if (shape.Length != rank)
            throw new WeightsException($"{key} has {shape.Length} dimensions; it must have {rank}.");
        return checked((int)shape[dimension]);
    }

    private readonly record struct StyleVector(int Width, bool IsToRgb, int Row);
}
