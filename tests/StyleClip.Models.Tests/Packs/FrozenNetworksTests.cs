using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Models.Attributes;
using StyleClip.Models.Identity;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Reference.Packs;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Packs;

public sealed class FrozenNetworksTests
{
    private static readonly IrSeSpec Body = new() { InputSize = 16, EmbeddingDim = 8, StemStride = 2, SqueezeReduction = 2, Stages = [new(4, 4, 1), new(4, 8, 1)] };

    [Fact]
    public void A_pack_may_have_no_attribute_network()
    {
        using FrozenNetworks pack = RandomPack.Tiny();

        Assert.Null(pack.Attributes);
    }

    [Fact]
    public void A_packs_attribute_network_reads_what_the_stored_one_reads()
    {
        using DisposeScope scope = NewDisposeScope();
        using var stored = new AttributeNetwork(Body, 3);
        using FrozenNetworks pack = WithAttributes(stored, values: 3);
        stored.Freeze();
        Tensor images = rand(4, 3, 32, 32) * 2 - 1;

        Assert.Equal(stored.Measure(images), pack.Attributes!.Measure(images));
    }

    [Fact]
    public void An_attribute_network_of_another_shape_than_the_manifest_says_is_refused()
    {
        using var stored = new AttributeNetwork(Body, 3);

        WeightsException refusal = Assert.Throws<WeightsException>(() => WithAttributes(stored, values: 2));
        Assert.Contains("head.bias", refusal.Message, StringComparison.Ordinal);
    }

    private static FrozenNetworks WithAttributes(AttributeNetwork network, int values)
    {
        string folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("n"));
        RandomPack.WriteTiny(folder);
        try
        {
            PackManifest manifest = FrozenNetworks.ReadManifest(folder);
            using (StateDict weights = StateDict.From(network)) SafetensorsWriter.Write(Path.Combine(folder, "attributes.safetensors"), weights);
            byte[] bytes = File.ReadAllBytes(Path.Combine(folder, "attributes.safetensors"));
            PackAttribute red = new() { Name = "red hair", Prompts = ["red hair"], Index = 1, Threshold = 0.5f };
            return FrozenNetworks.Load(
                manifest with
                {
                    Attributes = PackShapes.Shape(Body, values, [red]),
                    Files = manifest.Files.Add(PackRoles.Attributes, new("attributes.safetensors", Digest.Of(bytes), bytes.Length)),
                },
                file => File.OpenRead(Path.Combine(folder, file.Path)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
