using StyleClip.Contracts.Packs;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using StyleClip.Reference.Packs;

namespace StyleClip.Models.Tests.Weights.Upstream;

public sealed class VggFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-vgg-").FullName;

    [Theory]
    [InlineData("features.{0}", true)]
    [InlineData("layer{0}", false)]
    [InlineData("net.slice1.{0}", false)]
    public void Every_layout_gives_the_convolutions_up_to_the_fourth_pooling(string layer, bool hasClassifier)
    {
        using UpstreamNetwork source = VggFile.Read(PublishedFormats.Vgg(Path.Combine(_folder, "vgg.pth"), layer, hasClassifier));
        (PackPerceptual spec, StateDict weights) = VggFile.Infer(source.Weights, PerceptualInput.Bgr255);
        using StateDict kept = weights;

        Assert.Equal(
            [new(3, 4), new(4, 4, true), new(4, 5), new(5, 5, true), new(5, 6), new(6, 6), new(6, 6, true), new(6, 7), new(7, 7), new(7, 7, Pool: true)],
            spec.Layers.AsEnumerable());
        Assert.Equal(PerceptualInput.Bgr255, spec.Input);
        Assert.Equal(20, kept.Count);
        Assert.Contains("features.21.bias", kept.Keys);
        Assert.Equal($"Features end at layer 23, as TediGAN's; {(hasClassifier ? 8 : 6)} other tensors were left out.", Assert.Single(source.Notes));
    }

    [Fact]
    public void A_file_without_such_layers_is_refused()
    {
        WeightsException refusal = Assert.Throws<WeightsException>(() => VggFile.Read(PublishedFormats.Identity(Path.Combine(_folder, "identity.pth"))));
        Assert.Contains("a VGG network has keys such as features.0.weight", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_with_another_order_of_layers_is_refused()
    {
        using StateDict weights = new([.. new[] { 0, 4 }.Select(layer => KeyValuePair.Create($"features.{layer}.weight", TorchSharp.torch.zeros(4, layer == 0 ? 3 : 4, 3, 3)))]);

        WeightsException refusal = Assert.Throws<WeightsException>(() => VggFile.Infer(weights, PerceptualInput.Rgb));
        Assert.Contains("Layer 0 of the VGG network must be a 3 x 3 convolution, the next 2 or 3 layers after it", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
