using System.Collections.Immutable;
using StyleClip.Contracts.Library;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Models.Packs.Import;

/// <summary>A generator brought into a pack, with what its file lacked filled in.</summary>
internal sealed record ImportedGenerator(GeneratorSpec Spec, ImmutableArray<float> LatentAverage, FileOrigin Origin)
{
    // The published code averages 4096 latents; the mean's error falls with the root of their number.
    private const int AveragedLatents = 10_000;
    private const int Chunk = 500;

    public static ImportedGenerator Write(string path, string target, long seed)
    {
        using UpstreamNetwork source = GeneratorFile.Read(path);
        GeneratorSpec spec = Infer(path, source.Weights);
        List<string> notes = [.. source.Notes];
        using StateDict weights = Complete(source.Weights, spec, seed, notes);
        using Generator generator = new(spec);
        weights.LoadInto(generator, $"the generator of {path}, {spec.Size} px");
        ImmutableArray<float> average = source.LatentAverage ?? Average(generator, seed, notes);
        if (average.Length != spec.StyleDim) throw new WeightsException($"{path} has a mean latent of {average.Length} numbers; w has {spec.StyleDim}.");
        Finite.Require(path, weights);
        SafetensorsWriter.Write(target, weights);
        return new(spec, average, PackImporter.Origin(path, source.Format, [.. notes]));
    }

    private static GeneratorSpec Infer(string path, StateDict weights)
    {
        try
        {
            GeneratorSpec spec = GeneratorSpec.Infer(weights);
            Int128 elements = (Int128)spec.MappingLayers * spec.StyleDim * spec.StyleDim;
            for (int resolution = 8; resolution <= spec.Size; resolution *= 2)
                elements += 9 * (Int128)spec.Channels[resolution] * (spec.Channels[resolution / 2] + spec.Channels[resolution]);
            Translation.RequirePlausible("a generator", elements, weights);
            return spec;
        }
        catch (Exception error) when (error is ArgumentException or WeightsException or OverflowException)
        {
            throw new WeightsException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>The weights with the constants that slim files leave out.</summary>
    private static StateDict Complete(StateDict weights, GeneratorSpec spec, long seed, List<string> notes)
    {
        List<KeyValuePair<string, Tensor>> all = [.. weights.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.alias()))];
        int drawn = 0;
        for (int i = 0; i < (2 * spec.Blocks) + 1; i++)
        {
            string key = $"noises.noise_{i}";
            if (weights.ContainsKey(key)) continue;
            long side = 4 << ((i + 1) / 2);
            using var random = new torch.Generator((ulong)seed + (ulong)i, CPU);
            all.Add(KeyValuePair.Create(key, randn([1, 1, side, side], generator: random)));
            drawn++;
        }

        if (drawn > 0) notes.Add($"The file has no noise images; {drawn} were drawn from seed {seed}.");
        string[] kernels = [.. FirKernels.Keys([.. weights.Keys]).Where(key => !weights.ContainsKey(key))];
        using Tensor kernel = FirKernels.Doubling();
        all.AddRange(kernels.Select(key => KeyValuePair.Create(key, kernel.clone())));
        if (kernels.Length > 0) notes.Add($"The file has no low-pass filters; {kernels.Length} were set to [1, 3, 3, 1].");
        return new StateDict(all);
    }

    private static ImmutableArray<float> Average(Generator generator, long seed, List<string> notes)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using var random = new torch.Generator((ulong)seed, CPU);
        Tensor sum = zeros(generator.Spec.StyleDim, ScalarType.Float64);
        for (int first = 0; first < AveragedLatents; first += Chunk)
        {
            using DisposeScope inner = NewDisposeScope();
            sum.add_(generator.MapToW(randn([Chunk, generator.Spec.StyleDim], generator: random)).to(ScalarType.Float64).sum(dim: 0));
        }

        notes.Add($"The file has no mean latent; it is the mean of {AveragedLatents} latents drawn from seed {seed}.");
        return [.. (sum / AveragedLatents).to(ScalarType.Float32).data<float>()];
    }
}
