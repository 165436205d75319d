using System.Collections.Immutable;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Models.Clip;
using StyleClip.Models.Identity;
using StyleClip.Models.Packs;
using StyleClip.Models.Perceptual;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Reference.Packs;

/// <summary>Packs of networks with drawn weights: they show nothing, but everything that trains on a pack runs on them.</summary>
public static class RandomPack
{
    private static readonly string[] Words = ["a", "face", "with", "red", "hair", "glasses", "smiling"];

    /// <summary>32 px, 16 channels, D 16: a training step takes about ten milliseconds.</summary>
    public static FrozenNetworks Tiny(long seed = 1, bool hasIdentity = true, bool hasPerceptual = false) => Load(TinyParts(seed, hasIdentity, hasPerceptual));

    /// <summary>Writes the files of <see cref="Tiny"/> as a pack's folder.</summary>
    public static void WriteTiny(string folder, long seed = 1, bool hasIdentity = true, bool hasPerceptual = false)
    {
        (PackManifest manifest, Dictionary<string, byte[]> files) = TinyParts(seed, hasIdentity, hasPerceptual);
        Directory.CreateDirectory(folder);
        foreach ((string role, byte[] content) in files) File.WriteAllBytes(Path.Combine(folder, $"{role}.safetensors"), content);
        File.WriteAllBytes(Path.Combine(folder, PackManifest.FileName), ContractJson.ToBytes(manifest));
    }

    /// <summary>The sizes of the demo pack, 64 px: what a step costs does not depend on the weights.</summary>
    public static FrozenNetworks DemoSized(long seed = 1) => Load(Make(
        "demo-sized",
        seed,
        new() { Size = 64, StyleDim = 128, MappingLayers = 4, Channels = Table((4, 96), (8, 96), (16, 64), (32, 48), (64, 32)) },
        new()
        {
            ImageSize = 64,
            PatchSize = 8,
            VisionWidth = 128,
            VisionLayers = 4,
            VisionHeads = 4,
            EmbedDim = 128,
            TextWidth = 128,
            TextLayers = 3,
            TextHeads = 4,
            ContextLength = 24,
            VocabularySize = Words.Length + 3,
        },
        new() { InputSize = 64, EmbeddingDim = 128, StemStride = 2, Stages = [new(16, 32, 2), new(32, 48, 2), new(48, 64, 2), new(64, 96, 1)] }));

    private static (PackManifest Manifest, Dictionary<string, byte[]> Files) TinyParts(long seed, bool hasIdentity, bool hasPerceptual) => Make(
        "tiny",
        seed,
        new() { Size = 32, StyleDim = 16, MappingLayers = 2, Channels = Table((4, 16), (8, 16), (16, 16), (32, 16)) },
        new()
        {
            ImageSize = 32,
            PatchSize = 8,
            VisionWidth = 64,
            VisionLayers = 2,
            VisionHeads = 1,
            EmbedDim = 32,
            TextWidth = 64,
            TextLayers = 1,
            TextHeads = 1,
            ContextLength = 8,
            VocabularySize = Words.Length + 3,
        },
        hasIdentity ? new() { InputSize = 32, EmbeddingDim = 16, StemStride = 2, SqueezeReduction = 8, Stages = [new(8, 8, 1), new(8, 16, 1)] } : null,
        hasPerceptual ? new() { Layers = [new(3, 8, Pool: true), new(8, 8)], Input = PerceptualInput.Bgr255 } : null);

    private static FrozenNetworks Load((PackManifest Manifest, Dictionary<string, byte[]> Files) pack) => FrozenNetworks.Load(
        pack.Manifest, file => new MemoryStream(pack.Files[Path.GetFileNameWithoutExtension(file.Path)], writable: false));

    private static (PackManifest Manifest, Dictionary<string, byte[]> Files) Make(
        string name, long seed, GeneratorSpec generatorSpec, ClipSpec clipSpec, IrSeSpec? identitySpec, PackPerceptual? perceptual = null)
    {
        Dictionary<string, byte[]> files = Draw(seed, generatorSpec, clipSpec, identitySpec, perceptual);
        PackManifest manifest = new()
        {
            Name = name,
            Licence = "none: random numbers",
            Files = files.ToImmutableSortedDictionary(
                pair => pair.Key,
                pair => new PackFile($"{pair.Key}.safetensors", Digest.Of(pair.Value), pair.Value.Length),
                StringComparer.Ordinal),
            Generator = PackShapes.Shape(generatorSpec),
            Clip = PackShapes.Shape(clipSpec),
            Identity = identitySpec is null ? null : PackShapes.Shape(identitySpec, FaceCrop.Whole(identitySpec.InputSize)),
            Perceptual = perceptual,
            Tokenizer = new() { Kind = PackTokenizerKind.Words, Words = [.. Words] },
            LatentAverage = [.. new float[generatorSpec.StyleDim]],
        };
        return (manifest, files);
    }

    private static Dictionary<string, byte[]> Draw(long seed, GeneratorSpec generatorSpec, ClipSpec clipSpec, IrSeSpec? identitySpec, PackPerceptual? perceptualSpec)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using var random = new torch.Generator((ulong)seed, CPU);
        Dictionary<string, byte[]> files = [];
        using var generator = new Generator(generatorSpec);
        generator.Initialize(random);
        Add(PackRoles.Generator, generator);
        using var clip = new ClipModel(clipSpec);
        clip.Initialize(random);
        Add(PackRoles.Clip, clip);
        if (identitySpec is not null)
        {
            using var identity = new IrSe(identitySpec);
            Draw(identity);
            Add(PackRoles.Identity, identity);
        }

        if (perceptualSpec is not null)
        {
            using var perceptual = new VggFeatures(perceptualSpec);
            Draw(perceptual);
            Add(PackRoles.Perceptual, perceptual);
        }

        return files;

        void Draw(nn.Module network)
        {
            foreach ((string key, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
            {
                // Not nn.init.normal_: it draws from the global generator whatever it is given.
                if (parameter.dim() > 1) parameter.copy_(randn(parameter.shape, generator: random) / Math.Sqrt((double)parameter.numel() / parameter.shape[0]));
                else nn.init.constant_(parameter, key.EndsWith("bias", StringComparison.Ordinal) ? 0 : 1);
            }
        }

        void Add(string role, nn.Module module)
        {
            using StateDict weights = StateDict.From(module);
            files.Add(role, SafetensorsWriter.ToBytes(weights));
        }
    }

    private static ImmutableSortedDictionary<int, int> Table(params (int Resolution, int Channels)[] rows) =>
        rows.ToImmutableSortedDictionary(row => row.Resolution, row => row.Channels);
}
