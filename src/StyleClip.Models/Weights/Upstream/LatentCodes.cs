using System.Collections.Immutable;
using System.Globalization;
using StyleClip.Models.Packs.Import;
using StyleClip.Models.StyleGan2;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights.Upstream;

// N codes, L style layers, D style width, C width of a style vector

/// <summary>
/// Codes of images as encoders, optimisers and the published scripts save them: PyTorch, NumPy, pickle or safetensors files with one
/// tensor, one per image, or one per style vector. Owns its tensors.
/// </summary>
public sealed class LatentCodes : IDisposable
{
    /// <summary>Name of the W or W+ codes in our files.</summary>
    public const string Key = "latents";

    private const int MinStyleLayers = 4, MaxStyleLayers = 18;
    private const int MaxEntries = 1_000_000;

    private LatentCodes(LatentSpace space, ImmutableArray<Tensor> tensors) => (Space, Tensors) = (space, tensors);

    /// <summary>The space that the codes are in.</summary>
    public LatentSpace Space { get; }

    /// <summary>One [N, D] or [N, L, D], or one [N, C] per style vector; float32.</summary>
    public ImmutableArray<Tensor> Tensors { get; }

    /// <summary>Number of codes.</summary>
    public long Count => Tensors[0].shape[0];

    /// <summary>Reads codes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The entry to take of a file that holds several; null to take what there is.</param>
    /// <param name="space">The space, for a matrix that may be of either; null to tell it by the shape.</param>
    /// <exception cref="WeightsException">The file is damaged, or no codes can be made of its shapes; the message names them.</exception>
    public static LatentCodes Read(string path, string? key = null, LatentSpace? space = null)
    {
        using WeightFile file = WeightFile.Open(path);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        (IReadOnlyList<Tensor> tensors, bool isList) = Collect(path, Entry(file, key));
        foreach (Tensor tensor in tensors)
        {
            if (!tensor.is_floating_point()) throw new WeightsException($"{path} holds {tensor.dtype} numbers; codes are floating point.");
            if (!Finite.IsFinite(tensor)) throw new WeightsException($"{path} has numbers that are not finite.");
        }

        Tensor[] found = [.. tensors.Select(tensor => tensor.to(ScalarType.Float32))];
        LatentCodes codes = isList && space is null or LatentSpace.StyleSpace && StyleVectors(path, found) is { } vectors
            ? new(LatentSpace.StyleSpace, vectors)
            : Single(path, Join(path, found), space);
        foreach (Tensor tensor in codes.Tensors) tensor.DetachFromDisposeScope();
        return codes;
    }

    /// <summary>The codes under the names of our files: <c>latents</c>, or <c>style.0</c> and on.</summary>
    public IReadOnlyDictionary<string, Tensor> ToDictionary() => Space == LatentSpace.StyleSpace
        ? Tensors.Select((tensor, i) => (tensor, i)).ToDictionary(pair => string.Create(CultureInfo.InvariantCulture, $"style.{pair.i}"), pair => pair.tensor, StringComparer.Ordinal)
        : new Dictionary<string, Tensor>(StringComparer.Ordinal) { [Key] = Tensors[0] };

    /// <summary>Passes where the codes are of a generator's sizes.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="generator">The generator.</param>
    /// <exception cref="WeightsException">They are not; the message gives the shape that fits.</exception>
    public void RequireFit(string path, GeneratorSpec generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        long[] shape = Tensors[0].shape;
        (bool fits, string found, string wanted) = Space switch
        {
            LatentSpace.W => (shape[1] == generator.StyleDim, Shape.Format(shape), $"[N, {generator.StyleDim}]"),
            LatentSpace.WPlus => (shape[1] == generator.StyleLayers && shape[2] == generator.StyleDim, Shape.Format(shape), $"[N, {generator.StyleLayers}, {generator.StyleDim}]"),
            _ => (
                Tensors.Select(tensor => tensor.shape[1]).SequenceEqual(generator.StyleWidths.Select(width => (long)width)),
                $"style vectors of {string.Join(", ", Tensors.Select(tensor => tensor.shape[1]))}",
                $"style vectors of {string.Join(", ", generator.StyleWidths)}"),
        };
        if (!fits) throw new WeightsException($"{path} has {found} in {Space}; a generator of {generator.Size} px and w of {generator.StyleDim} takes {wanted}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors) tensor.Dispose();
    }

    private static object? Entry(WeightFile file, string? key)
    {
        if (key is null)
        {
            if (file.Root is StateDict tensors && tensors.ContainsKey(Key)) return tensors[Key];
            return file.Root is TorchDict dict && dict.TryGetValue(Key, out object? latents) ? latents : file.Root;
        }

        object? value = null;
        bool found = file.Root switch
        {
            TorchDict dict => dict.TryGetValue(key, out value),
            StateDict tensors => tensors.TryGetValue(key, out Tensor? tensor) && (value = tensor) is not null,
            _ => false,
        };
        return found ? value : throw new WeightsException($"{file.Path} has no entry \"{key}\"; it is a {file.Layout} with {file.Describe()}.");
    }

    /// <summary>The tensors of a value, in the caller's dispose scope, and whether they stood in a list.</summary>
    private static (IReadOnlyList<Tensor> Tensors, bool IsList) Collect(string path, object? value)
    {
        IEnumerable<object?>? items = value switch
        {
            StateDict weights => weights.Values,
            TorchDict dict => dict.Select(pair => pair.Value),
            List<object?> list => list,
            object?[] tuple => tuple,
            _ => null,
        };
        if (items is null) return ([ToTensor(path, value)], false);
        object?[] all = [.. items];
        if (all.Length is 0 or > MaxEntries) throw new WeightsException($"{path} holds {all.Length} entries; 1 to {MaxEntries} can be codes.");
        bool isStyleSpace = value is List<object?> or object?[] || (value is StateDict named && named.ContainsKey("style.0"));
        if (value is StateDict styles && isStyleSpace) all = [.. Enumerable.Range(0, styles.Count).Select(i => (object?)styles[string.Create(CultureInfo.InvariantCulture, $"style.{i}")])];
        return ([.. all.Select(item => ToTensor(path, item))], isStyleSpace);
    }

    private static Tensor ToTensor(string path, object? value) => value switch
    {
        Tensor tensor => tensor.alias(),
        TorchTensor tensor => tensor.ToTensor(),
        NumpyArray array => array.ToTensor(),
        _ => throw new WeightsException($"{path} holds a {value?.GetType().Name ?? "None"} where a tensor of codes was expected."),
    };

    /// <summary>Vectors of style space, [N, C] each; null where the tensors are no such set.</summary>
    private static ImmutableArray<Tensor>? StyleVectors(string path, Tensor[] tensors)
    {
        // conv1, to_rgb1, then conv, conv, to_rgb per resolution
        if (tensors.Length < 5 || (tensors.Length - 2) % 3 != 0) return null;
        Tensor[] vectors = [.. tensors.Select(tensor => tensor.dim() > 1 && tensor.numel() == tensor.shape[0] * tensor.shape.Max() ? tensor.reshape(tensor.shape[0], -1) : tensor)];
        if (vectors.Any(vector => vector.dim() != 2)) return null;
        long count = vectors[0].shape[0];
        int odd = Array.FindIndex(vectors, vector => vector.shape[0] != count);
        if (odd >= 0) throw new WeightsException($"{path} has {count} codes in style vector 0 and {vectors[odd].shape[0]} in vector {odd}; all must have as many.");
        return [.. vectors.Select(vector => vector.contiguous())];
    }

    /// <summary>One tensor of the codes of all images.</summary>
    private static Tensor Join(string path, Tensor[] tensors)
    {
        if (tensors.Length == 1) return tensors[0];
        Tensor[] each = [.. tensors.Select(tensor => tensor.dim() > 2 && tensor.shape[0] == 1 ? tensor.squeeze(0) : tensor)];
        int odd = Array.FindIndex(each, tensor => !tensor.shape.SequenceEqual(each[0].shape));
        if (odd >= 0) throw new WeightsException($"{path} has entries of shapes {Shape.Format(each[0].shape)} and {Shape.Format(each[odd].shape)}; codes of several images must have one shape.");
        return stack(each);
    }

    private static LatentCodes Single(string path, Tensor tensor, LatentSpace? space)
    {
        long[] shape = tensor.shape;
        if (tensor.numel() == 0) throw new WeightsException($"{path} is empty: {Shape.Format(shape)}.");
        Tensor codes = tensor;
        if (codes.dim() == 1) codes = codes.unsqueeze(0); // [D] -> [1, D]
        while (codes.dim() > 3 && codes.shape.AsSpan(0, codes.shape.Length - 1).Contains(1)) codes = codes.squeeze(Array.FindLastIndex(codes.shape, codes.shape.Length - 2, size => size == 1));
        if (codes.dim() == 3 && codes.shape[1] == 1) codes = codes.squeeze(1); // [N, 1, D] is W
        if (codes.dim() == 2) codes = Matrix(path, codes, space);
        else if (codes.dim() != 3) throw new WeightsException($"{path} has the shape {Shape.Format(shape)}; codes are [N, D] (W), [N, L, D] (W+), or a list of one [N, C] per style vector (S).");
        LatentSpace actual = codes.dim() == 2 ? LatentSpace.W : LatentSpace.WPlus;
        if (space is { } wanted && wanted != actual) throw new WeightsException($"{path} has the shape {Shape.Format(shape)}, which is {actual}, not {wanted}.");
        if (actual == LatentSpace.WPlus && !IsLayerCount(codes.shape[1]))
            throw new WeightsException($"{path} has the shape {Shape.Format(shape)}; W+ is [N, L, D] with L = 2 log2(size) - 2, an even number from {MinStyleLayers} to {MaxStyleLayers} (18 at 1024 px).");
        return new(actual, [codes.contiguous()]);
    }

    private static Tensor Matrix(string path, Tensor codes, LatentSpace? space)
    {
        if (space == LatentSpace.WPlus) return codes.unsqueeze(0); // [L, D] -> [1, L, D]
        if (space is null && codes.shape[0] >= 8 && IsLayerCount(codes.shape[0]))
            throw new WeightsException($"{path} has the shape {Shape.Format(codes.shape)}: that may be {codes.shape[0]} codes in W, or one in W+ with {codes.shape[0]} layers. Say which.");
        return codes;
    }

    private static bool IsLayerCount(long layers) => layers is >= MinStyleLayers and <= MaxStyleLayers && layers % 2 == 0;
}
