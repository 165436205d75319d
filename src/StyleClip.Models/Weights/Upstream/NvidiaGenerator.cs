using System.Collections.Immutable;
using System.Numerics;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights.Upstream;

/// <summary>
/// Generators of NVIDIA's stylegan2-ada-pytorch and the StyleGAN2 ones of its successor. The names are translated; values stay as they
/// are, but for leading dimensions: both sides keep weights before equalisation and modulation biases with their 1 included.
/// </summary>
internal static class NvidiaGenerator
{
    private const int MaxDepth = 16;

    public static UpstreamNetwork? TryRead(WeightFile file)
    {
        object? value = file.Root;
        if (value is TorchDict root && !root.TryGetValue("G_ema", out value)) return null;
        if (value is not PickledModule generator) return null;
        RequireSupported(file.Path, generator);

        Dictionary<string, TorchTensor> source = new(StringComparer.Ordinal);
        Flatten(generator, "", source, MaxDepth);
        List<KeyValuePair<string, Tensor>> translated = [];
        ImmutableArray<float>? average = null;
        try
        {
            foreach ((string name, TorchTensor stored) in source)
            {
                if (IsFilter(name)) continue;
                using var scope = TorchSharp.torch.NewDisposeScope();
                using Tensor tensor = stored.ToTensor();
                if (name == "mapping.w_avg") average = RosinalityGenerator.Average(tensor);
                else translated.Add(KeyValuePair.Create(Translate(name), scope.Detach(Arrange(name, tensor.to(ScalarType.Float32)).contiguous().clone())));
            }

            foreach ((string name, Tensor kernel) in Filters(file.Path, source, translated)) translated.Add(KeyValuePair.Create(name, kernel));
            return new UpstreamNetwork("StyleGAN2 generator, NVIDIA's pickle", new StateDict(translated)) { LatentAverage = average, Notes = Notes(generator) };
        }
        catch
        {
            foreach ((_, Tensor tensor) in translated) tensor.Dispose();
            throw;
        }
    }

    private static void RequireSupported(string path, PickledModule generator)
    {
        PickledModule? synthesis = Child(generator, "synthesis"), mapping = Child(generator, "mapping");
        if (synthesis is null || mapping is null) throw new WeightsException($"{path} holds a {generator.ClassName} without synthesis and mapping; StyleGAN2 has both.");
        string[] layers = [.. Modules(synthesis).Select(pair => pair.Key as string ?? "")];
        if (Child(synthesis, "input") is not null || layers.Any(layer => layer.StartsWith('L') && layer.Contains('_', StringComparison.Ordinal)))
            throw new WeightsException($"{path} is a StyleGAN3 generator; StyleGAN2 generators are supported.");
        if (Number(generator, "c_dim") is not (null or 0) || Child(mapping, "embed") is not null)
            throw new WeightsException($"{path} is a conditional generator of {Number(generator, "c_dim")} classes; unconditional ones are supported.");
        if (Number(generator, "img_channels") is not (null or 3)) throw new WeightsException($"{path} makes images of {Number(generator, "img_channels")} channels; 3 are supported.");
        if (Number(generator, "z_dim") is { } z && Number(generator, "w_dim") is { } w && z != w)
            throw new WeightsException($"{path} has z of {z} and w of {w} numbers; generators whose z and w have one size are supported.");
        foreach ((object? key, object? block) in Modules(synthesis))
        {
            if (block is PickledModule module && (Child(module, "skip") is not null || Child(module, "torgb") is null))
                throw new WeightsException($"{path} has a block {key} of another architecture than \"skip\", the one that is supported.");
        }
    }

    // Parameters, then buffers, then sub-modules: PyTorch's own three tables.
    private static void Flatten(PickledModule module, string prefix, Dictionary<string, TorchTensor> found, int depthLeft)
    {
        if (depthLeft == 0) throw new WeightsException($"The network nests modules more than {MaxDepth} deep.");
        foreach (string table in new[] { "_parameters", "_buffers" })
        {
            foreach ((object? key, object? value) in Table(module, table))
            {
                if (value is TorchTensor tensor && !found.TryAdd($"{prefix}{key}", tensor)) throw new WeightsException($"The network has two tensors named {prefix}{key}.");
            }
        }

        foreach ((object? key, object? child) in Modules(module))
        {
            if (child is PickledModule inner) Flatten(inner, $"{prefix}{key}.", found, depthLeft - 1);
        }
    }

    /// <summary><c>synthesis.b16.conv1.affine.weight</c> becomes <c>convs.3.conv.modulation.weight</c>; an unknown name stays, to be reported as surplus.</summary>
    private static string Translate(string name)
    {
        string[] parts = name.Split('.');
        if (parts is ["mapping", ['f', 'c', .. string number], string part] && int.TryParse(number, out int layer)) return $"style.{layer + 1}.{part}";
        if (parts is not ["synthesis", ['b', .. string size], .. string[] rest] || !int.TryParse(size, out int resolution) || resolution < 4 || !BitOperations.IsPow2(resolution)) return name;
        int block = BitOperations.Log2((uint)resolution) - 3; // 0 at 8 pixels; 4 pixels have names of their own
        return rest switch
        {
            ["const"] when block < 0 => "input.input",
            ["conv0", .. string[] inner] when block >= 0 => Layer($"convs.{2 * block}", (2 * block) + 1, inner, name),
            ["conv1", .. string[] inner] when block < 0 => Layer("conv1", 0, inner, name),
            ["conv1", .. string[] inner] => Layer($"convs.{(2 * block) + 1}", (2 * block) + 2, inner, name),
            ["torgb", .. string[] inner] => ToRgb(block < 0 ? "to_rgb1" : $"to_rgbs.{block}", inner, name),
            _ => name,
        };
    }

    private static string Layer(string layer, int noise, string[] rest, string name) => rest switch
    {
        ["weight"] => $"{layer}.conv.weight",
        ["bias"] => $"{layer}.activate.bias",
        ["noise_strength"] => $"{layer}.noise.weight",
        ["noise_const"] => $"noises.noise_{noise}",
        ["affine", string part] => $"{layer}.conv.modulation.{part}",
        _ => name,
    };

    private static string ToRgb(string layer, string[] rest, string name) => rest switch
    {
        ["weight"] => $"{layer}.conv.weight",
        ["bias"] => $"{layer}.bias",
        ["affine", string part] => $"{layer}.conv.modulation.{part}",
        _ => name,
    };

    private static Tensor Arrange(string name, Tensor tensor)
    {
        string part = name[(name.LastIndexOf('.') + 1)..];
        bool inAffine = name.Contains(".affine.", StringComparison.Ordinal);
        return (part, tensor.dim()) switch
        {
            ("const", 3) => tensor.unsqueeze(0), // [C, 4, 4] -> [1, C, 4, 4]
            ("weight", 4) => tensor.unsqueeze(0), // [O, I, K, K] -> [1, O, I, K, K]
            ("noise_strength", 0) => tensor.reshape(1),
            ("noise_const", 2) => tensor.unsqueeze(0).unsqueeze(0), // [R, R] -> [1, 1, R, R]
            ("bias", 1) when !inAffine && name.Contains(".torgb.", StringComparison.Ordinal) => tensor.reshape(1, -1, 1, 1),
            _ => tensor,
        };
    }

    private static bool IsFilter(string name) => name.EndsWith("resample_filter", StringComparison.Ordinal);

    // The filters are in the file once per block, summing to 1; ours stand at each layer that doubles the resolution and sum to 4.
    private static IEnumerable<KeyValuePair<string, Tensor>> Filters(string path, Dictionary<string, TorchTensor> source, List<KeyValuePair<string, Tensor>> translated)
    {
        using (Tensor kernel = FirKernels.Doubling())
        {
            foreach ((string name, TorchTensor stored) in source.Where(pair => IsFilter(pair.Key)))
            {
                using var scope = TorchSharp.torch.NewDisposeScope();
                Tensor filter = stored.ToTensor();
                if (!filter.shape.SequenceEqual(kernel.shape) || ((filter.to(ScalarType.Float32) * 4) - kernel).abs().max().item<float>() > 1e-5)
                    throw new WeightsException($"{path} resamples by another filter than [1, 3, 3, 1] ({name}); only that one is supported.");
            }

            foreach (string key in FirKernels.Keys([.. translated.Select(pair => pair.Key)])) yield return KeyValuePair.Create(key, kernel.clone());
        }
    }

    private static ImmutableArray<string> Notes(PickledModule generator)
    {
        bool clamps = Modules(Child(generator, "synthesis")!)
            .Any(pair => pair.Value is PickledModule block && Child(block, "conv1") is { } layer && Number(layer, "conv_clamp") is not null);
        return clamps ? ["The original clamps the activations of its layers (conv_clamp); the limit is not applied here."] : [];
    }

    private static PickledModule? Child(PickledModule module, string name) => Modules(module).TryGetValue(name, out object? child) ? child as PickledModule : null;

    private static TorchDict Modules(PickledModule module) => Table(module, "_modules");

    private static TorchDict Table(PickledModule module, string name) => module.State.TryGetValue(name, out object? table) && table is TorchDict dict ? dict : new TorchDict();

    private static double? Number(PickledModule module, string name) => module.State.TryGetValue(name, out object? value) ? value switch
    {
        long whole => whole,
        double real => real,
        _ => null,
    }
    : null;
}
