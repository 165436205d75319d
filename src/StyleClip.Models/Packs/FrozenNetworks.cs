using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Attributes;
using StyleClip.Models.Clip;
using StyleClip.Models.Identity;
using StyleClip.Models.Losses;
using StyleClip.Models.Perceptual;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Models.Packs;

/// <summary>
/// A pack in memory: its networks built, filled from files whose digests were checked, and frozen. Owns them.
/// </summary>
public sealed class FrozenNetworks : IDisposable
{
    private const int MaxManifestBytes = 4 * 1024 * 1024;
    private readonly AreaResize _resize = new();

    private FrozenNetworks(PackManifest manifest, Func<PackFile, Stream> open, Device device, ScalarType dtype)
    {
        Manifest = manifest;
        ManifestDigest = Digest.Of(ContractJson.ToBytes(manifest));
        Tokenizer = PackTokenizers.Create(manifest);
        Generator = Filled(new Generator(PackShapes.Spec(manifest.Generator)), PackRoles.Generator);
        Generator.Freeze();
        Clip = Filled(new ClipModel(PackShapes.Spec(manifest.Clip)), PackRoles.Clip);
        Clip.Freeze();
        if (manifest.Identity is { } identity)
        {
            Identity = Filled(new IrSe(PackShapes.Spec(identity)), PackRoles.Identity, (network, weights) => network.Load(weights));
            Identity.Freeze();
            FaceCrop = PackShapes.Crop(identity);
        }

        if (manifest.Attributes is { } attributes)
        {
            Attributes = Filled(new AttributeNetwork(PackShapes.Spec(attributes), attributes.Values), PackRoles.Attributes, (network, weights) => network.Load(weights));
            Attributes.Freeze();
        }

        if (manifest.Perceptual is { } perceptual)
        {
            Perceptual = Filled(new VggFeatures(perceptual), PackRoles.Perceptual);
            Perceptual.Freeze();
        }

        MeanW = tensor(manifest.LatentAverage.ToArray(), dtype, device).DetachFromDisposeScope(); // [D]

        TModule Filled<TModule>(TModule module, string role, Action<TModule, StateDict>? load = null)
            where TModule : nn.Module
        {
            PackFile file = manifest.Files[role];
            using Stream stream = open(file);
            using StateDict weights = SafetensorsReader.Read(stream, $"{file.Path} of pack {manifest.Name}");
            if (load is null) weights.LoadInto(module, $"the {role} of pack {manifest.Name}");
            else load(module, weights);
            module.to(dtype);
            module.to(device);
            return module;
        }
    }

    /// <summary>The pack's description.</summary>
    public PackManifest Manifest { get; }

    /// <summary>Digest of the manifest in its one JSON form: names the whole pack.</summary>
    public Digest ManifestDigest { get; }

    /// <summary>The generator.</summary>
    public Generator Generator { get; }

    /// <summary>The CLIP model.</summary>
    public ClipModel Clip { get; }

    /// <summary>How text becomes token ids.</summary>
    public ITextTokenizer Tokenizer { get; }

    /// <summary>The identity network; null where the pack has none.</summary>
    public IrSe? Identity { get; }

    /// <summary>How faces are cut for <see cref="Identity"/>; null where the pack has none.</summary>
    public FaceCrop? FaceCrop { get; }

    /// <summary>The network that judges edits; null where the pack has none. What its values mean: <see cref="PackManifest.Attributes"/>.</summary>
    public AttributeNetwork? Attributes { get; }

    /// <summary>The network whose features say how alike two images look; null where the pack has none.</summary>
    public VggFeatures? Perceptual { get; }

    /// <summary>The mean latent, [D].</summary>
    public Tensor MeanW { get; }

    /// <summary>Reads a pack from a directory.</summary>
    /// <param name="directory">Holds the manifest and the weight files.</param>
    /// <param name="device">Where the networks run; the CPU by default.</param>
    /// <param name="dtype">Their precision.</param>
    /// <exception cref="InvalidDataException">The manifest is not valid, or a file is not the one that it names; the message says all.</exception>
    public static FrozenNetworks Load(string directory, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        PackManifest manifest = ReadManifest(directory);
        return Load(manifest, file => File.OpenRead(Path.Combine(directory, file.Path)), device, dtype);
    }

    /// <summary>Builds a pack from a manifest and its files, wherever they are kept.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="open">Opens a weight file from its beginning; called twice for each, to check and to read.</param>
    /// <param name="device">Where the networks run; the CPU by default.</param>
    /// <param name="dtype">Their precision.</param>
    /// <exception cref="InvalidDataException">The manifest is not valid, or a file is not the one that it names; the message says all.</exception>
    public static FrozenNetworks Load(PackManifest manifest, Func<PackFile, Stream> open, Device? device = null, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(open);
        string[] problems = [.. PackValidator.Validate(manifest), .. manifest.Files.Values.SelectMany(file => Differences(file, open))];
        return problems.Length == 0
            ? new FrozenNetworks(manifest, open, device ?? CPU, dtype)
            : throw new InvalidDataException($"Pack {manifest.Name} cannot be used: {string.Join("; ", problems)}.");
    }

    /// <summary>Reads a pack's manifest, without its weights.</summary>
    /// <param name="directory">Holds the manifest.</param>
    /// <exception cref="InvalidDataException">The document is no manifest.</exception>
    public static PackManifest ReadManifest(string directory)
    {
        string path = Path.Combine(directory, PackManifest.FileName);
        long sizeBytes = new FileInfo(path).Length;
        if (sizeBytes > MaxManifestBytes)
            throw new InvalidDataException($"{path} has {sizeBytes} bytes; a manifest has at most {MaxManifestBytes}.");
        return ContractJson.FromBytes<PackManifest>(File.ReadAllBytes(path), path);
    }

    /// <summary>Distance of images to texts under this pack's CLIP model.</summary>
    /// <param name="input">How images are given to it; the pack's own way is <see cref="PackManifest.ClipInput"/>.</param>
    public ClipLoss ClipLoss(ClipInput input) => new(Clip, input, _resize);

    /// <summary>Distance of faces to their sources; null where the pack has no identity network.</summary>
    public IdentityLoss? IdentityLoss() => Identity is null || FaceCrop is null ? null : new IdentityLoss(Identity, FaceCrop);

    /// <summary>How differently images look; null where the pack has no perceptual network.</summary>
    public PerceptualLoss? PerceptualLoss() => Perceptual is null ? null : new PerceptualLoss(Perceptual);

    /// <summary>Token ids of one text, [1, T], on the pack's device.</summary>
    /// <param name="text">A prompt.</param>
    /// <exception cref="UnknownWordException">The pack's vocabulary is closed and lacks a word; the message names both.</exception>
    /// <exception cref="TextTooLongException">The text has more tokens than the model's context.</exception>
    public Tensor Tokenize(string text) => tensor(Tokenizer.Tokenize(text), device: MeanW.device).unsqueeze(0);

    /// <inheritdoc/>
    public void Dispose()
    {
        Generator.Dispose();
        Clip.Dispose();
        Identity?.Dispose();
        Attributes?.Dispose();
        Perceptual?.Dispose();
        MeanW.Dispose();
    }

    private static IEnumerable<string> Differences(PackFile file, Func<PackFile, Stream> open)
    {
        using Stream stream = open(file);
        using var hash = System.Security.Cryptography.SHA256.Create();
        Digest found = Digest.FromHash(hash.ComputeHash(stream));
        if (found != file.Digest)
            yield return $"{file.Path} has the digest {found}; the manifest names {file.Digest}";
    }
}
