using System.Collections.Immutable;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.DemoWorld.Captions;
using StyleClip.DemoWorld.Measuring;
using StyleClip.DemoWorld.World;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.DemoWorld.Stages;

/// <summary>Gathers the networks into a pack, stored in half precision, with the manifest that pins them.</summary>
internal sealed class PackStage(BuildOptions options, FaceWorld world)
{
    // The recipes charge an edit for its mean square in W, so the unit of W decides how far an edit may go. At the unit that training
    // left, "curly hair" stopped half way (62 %); at this share of it it arrives (94 %), and identity hardly moves. Leaky ReLUs let
    // factors pass, so scaling the last mapping layer and unscaling the modulations changes no picture.
    private const double LatentUnit = 0.7;

    private static readonly string[] RunningCounters = [".num_batches_tracked"];

    public void Run(string directory)
    {
        Directory.CreateDirectory(directory);
        var files = new SortedDictionary<string, PackFile>(StringComparer.Ordinal)
        {
            [PackRoles.Generator] = Store(GeneratorStage.FileName, directory),
            [PackRoles.Clip] = Store(ClipStage.FileName, directory),
            [PackRoles.Identity] = Store(IdentityStage.FileName, directory),
            [PackRoles.Attributes] = Store(AttributeStage.FileName, directory),
        };
        var manifest = new PackManifest
        {
            Name = "demo",
            Description = $"Procedural cartoon faces of {world.Size} pixels: see CARD.md.",
            Licence = "MIT; the networks were trained on pictures drawn by the program src/StyleClip.DemoWorld alone",
            Files = files.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Generator = PackShapes.Shape(GeneratorStage.SpecOf(world.Size)),
            Clip = PackShapes.Shape(ClipStage.SpecOf(world.Size)),
            Tokenizer = new() { Kind = PackTokenizerKind.Words, Words = CaptionGrammar.Words },
            Identity = PackShapes.Shape(IdentityStage.SpecOf(world.Size), IdentityStage.Crop(world.Size)),
            Attributes = Attributes(world.Size),
            LatentAverage = LatentAverage(Path.Combine(directory, GeneratorStage.FileName)),
            Truncation = 1,
        };
        File.WriteAllBytes(Path.Combine(directory, PackManifest.FileName), ContractJson.ToBytes(manifest));
        using FrozenNetworks pack = FrozenNetworks.Load(directory);
        foreach ((string role, PackFile file) in manifest.Files) Console.WriteLine($"pack       {role}: {file.SizeBytes} bytes, {file.Digest}");
    }

    /// <summary>What a manifest says of the attribute network.</summary>
    public static PackAttributes Attributes(int size) => PackShapes.Shape(
        AttributeStage.SpecOf(size),
        MeasuredFactors.All.Length,
        [.. BinaryAttribute.All.Concat(BinaryAttribute.Absences).Select(attribute => attribute.ForPack())]);

    /// <summary>Writes a stage's network in half precision; half of what it was, and the edits measure the same.</summary>
    private PackFile Store(string name, string directory)
    {
        string path = Path.Combine(directory, name);
        using (DisposeScope scope = NewDisposeScope())
        {
            using StateDict weights = SafetensorsReader.Read(options.PathOf(name));
            using var halves = new StateDict(weights
                .Where(pair => !RunningCounters.Any(ending => pair.Key.EndsWith(ending, StringComparison.Ordinal)))
                .Select(pair => KeyValuePair.Create(pair.Key, (pair.Value * UnitFactor(pair.Key)).to(ScalarType.Float16))));
            SafetensorsWriter.Write(path, halves);
        }
        byte[] bytes = File.ReadAllBytes(path);
        return new(name, Digest.Of(bytes), bytes.Length);
    }

    private static double UnitFactor(string key)
    {
        if (key.StartsWith($"style.{GeneratorStage.MappingLayers}.", StringComparison.Ordinal)) return LatentUnit;
        return key.EndsWith(".modulation.weight", StringComparison.Ordinal) ? 1 / LatentUnit : 1;
    }

    private ImmutableArray<float> LatentAverage(string generatorFile)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(GeneratorStage.SpecOf(world.Size));
        using (StateDict weights = SafetensorsReader.Read(generatorFile)) weights.LoadInto(generator, "the generator");
        Tensor mean = generator.MapToW(world.Latents(Population.LatentAverage, 0, 4096)).mean([0]); // [D]
        return [.. mean.data<float>().ToArray()];
    }
}
