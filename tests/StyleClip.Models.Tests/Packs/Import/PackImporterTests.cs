using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Models.Packs;
using StyleClip.Models.Packs.Import;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Reference.Packs;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Models.Tests.Packs.Import;

public sealed class PackImporterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-import-").FullName;

    private PackImport Import => new()
    {
        Name = "tiny",
        Generator = Golden.Path("upstream/nvidia_ada_tiny.pkl"),
        Clip = PublishedFormats.Clip(File("clip.pt")),
        Identity = PublishedFormats.Identity(File("identity.pth")),
        Seed = 3,
    };

    [Fact]
    public void Published_files_become_a_pack_that_works()
    {
        PackManifest manifest = PackImporter.Write(Import, File("pack"));
        using FrozenNetworks networks = FrozenNetworks.Load(File("pack"));
        using Tensor w = networks.Generator.MapToW(zeros(1, 16) + 1);
        using Tensor image = networks.Generator.Synthesize(networks.Generator.Repeat(w));
        Assert.Equal([1L, 3, 16, 16], image.shape);
        using Tensor text = networks.Clip.EncodeText(networks.Tokenize("a person with purple hair"));
        Assert.Equal(64, text.shape[1]);
        Assert.Equal((112, 112), (networks.Identity!.Spec.InputSize, networks.FaceCrop!.OutputSize));

        FileOrigin origin = manifest.Origins![PackRoles.Generator];
        Assert.Equal(Digest.Of(System.IO.File.ReadAllBytes(Import.Generator)), origin.Digest);
        Assert.Equal(("nvidia_ada_tiny.pkl", "StyleGAN2 generator, NVIDIA's pickle"), (origin.File, origin.Format));
        Assert.Null(origin.Published);
    }

    [Fact]
    public void The_same_files_and_seed_give_the_same_pack()
    {
        PackImport import = Import with { Generator = Slim(File("slim.pt")), Identity = null };
        PackManifest first = PackImporter.Write(import, File("one")), second = PackImporter.Write(import, File("two"));
        Assert.Equal(System.IO.File.ReadAllBytes(Path.Combine(File("one"), PackManifest.FileName)), System.IO.File.ReadAllBytes(Path.Combine(File("two"), PackManifest.FileName)));
        PackManifest other = PackImporter.Write(import with { Seed = 4 }, File("three"));
        Assert.Equal(first.Files[PackRoles.Generator].Digest, second.Files[PackRoles.Generator].Digest);
        Assert.NotEqual(first.Files[PackRoles.Generator].Digest, other.Files[PackRoles.Generator].Digest);
        Assert.Null(first.Identity);
    }

    [Fact]
    public void What_a_slim_generator_lacks_is_filled_in_and_recorded()
    {
        PackManifest manifest = PackImporter.Write(Import with { Generator = Slim(File("slim.pt")), Identity = null }, File("pack"));
        Assert.Equal(
        [
            "The file has no noise images; 5 were drawn from seed 3.",
            "The file has no low-pass filters; 4 were set to [1, 3, 3, 1].",
            "The file has no mean latent; it is the mean of 10000 latents drawn from seed 3.",
        ], manifest.Origins![PackRoles.Generator].Notes);
        using FrozenNetworks networks = FrozenNetworks.Load(File("pack"));
        using Tensor w = networks.Generator.MapToW(randn(20_000, 16));
        using Tensor deviations = (w.mean([0]) - networks.MeanW) / w.std(0);
        Assert.InRange(deviations.abs().max().item<float>(), 0, 0.08f); // two means of 10,000 and 20,000: 0.012 is one standard error
    }

    [Fact]
    public void Everything_that_does_not_fit_is_said_at_once()
    {
        using (StateDict generator = Network())
        {
            using StateDict broken = new(generator.Where(pair => pair.Key is not ("convs.1.noise.weight" or "to_rgb1.bias"))
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Key == "style.1.bias" ? zeros(3) : pair.Value.alias()))
                .Append(KeyValuePair.Create("extra", zeros(1))));
            SafetensorsWriter.Write(File("generator.bin"), broken);
        }

        string message = Assert.Throws<WeightsException>(() => PackImporter.Write(
            Import with { Generator = File("generator.bin"), Clip = Golden.Path("clip_tiny_fp16_zip.pt") }, File("pack"))).Message;
        Assert.Contains("2 missing (convs.1.noise.weight, to_rgb1.bias); 1 surplus (extra); 1 misshapen (style.1.bias is [3], wanted [16])", message, StringComparison.Ordinal);
        Assert.Contains("a vocabulary of 512", message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(Path.Combine(File("pack"), PackManifest.FileName)));
    }

    [Fact]
    public void Shapes_that_claim_more_than_the_file_holds_take_no_memory()
    {
        using StateDict generator = Network();
        using StateDict hollow = new(generator.Select(pair => KeyValuePair.Create(
            pair.Key, pair.Key.StartsWith("convs.", StringComparison.Ordinal) && pair.Key.EndsWith("conv.weight", StringComparison.Ordinal) ? zeros([1, 2_000_000_000, 0, 3, 3]) : pair.Value.alias())));
        SafetensorsWriter.Write(File("hollow.safetensors"), hollow);
        Assert.Contains("The shapes ask for a generator of", Assert.Throws<WeightsException>(
            () => PackImporter.Write(Import with { Generator = File("hollow.safetensors"), Identity = null }, File("pack"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vgg_network_becomes_the_packs_perceptual_network()
    {
        PackManifest manifest = PackImporter.Write(Import with { Perceptual = PublishedFormats.Vgg(File("vgg16.pth")), PerceptualInput = PerceptualInput.Bgr255 }, File("pack"));
        using FrozenNetworks networks = FrozenNetworks.Load(File("pack"));
        using Tensor image = zeros(1, 3, 16, 16);
        using Tensor features = networks.Perceptual!.Embed(image);

        Assert.Equal([1L, 7, 1, 1], features.shape);
        Assert.Equal((PerceptualInput.Bgr255, 256), (manifest.Perceptual!.Input, manifest.Perceptual.WorkingSize));
        Assert.Contains("VGG network", manifest.Origins![PackRoles.Perceptual].Format, StringComparison.Ordinal);
        Assert.Contains("vgg16.pth", manifest.Origins[PackRoles.Perceptual].File, StringComparison.Ordinal);
        Assert.Contains("features.0.weight", Assert.Throws<WeightsException>(
            () => PackImporter.Write(Import with { Perceptual = Import.Identity }, File("other"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_not_finite_are_refused()
    {
        using StateDict generator = Network();
        generator["input.input"].fill_(float.NaN);
        SafetensorsWriter.Write(File("nan.safetensors"), generator);
        Assert.Contains("not finite in input.input", Assert.Throws<WeightsException>(
            () => PackImporter.Write(Import with { Generator = File("nan.safetensors"), Identity = null }, File("pack"))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static StateDict Network()
    {
        using Generator generator = new(GeneratorSpec.ConfigF(16, channelMultiplier: 1, styleDim: 16, mappingLayers: 2) with
        {
            Channels = System.Collections.Immutable.ImmutableSortedDictionary.CreateRange([KeyValuePair.Create(4, 8), KeyValuePair.Create(8, 8), KeyValuePair.Create(16, 8)]),
        });
        using var random = new torch.Generator(1, CPU);
        generator.Initialize(random);
        return StateDict.From(generator);
    }

    // As the averaged generator of a training that saved parameters alone.
    private static string Slim(string path)
    {
        using StateDict generator = Network();
        using StateDict slim = new(generator.Where(pair => !pair.Key.StartsWith("noises.", StringComparison.Ordinal) && !pair.Key.EndsWith(".kernel", StringComparison.Ordinal))
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.alias())));
        TorchFileWriter.Write(path, new[] { KeyValuePair.Create<string, object?>("g_ema", slim) });
        return path;
    }

    private string File(string name) => Path.Combine(_folder, name);
}
