using StyleClip.Models.Clip;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Weights.Upstream;

public sealed class ClipFileTests
{
    [Theory]
    [InlineData("clip_tiny_fp16_zip.pt")]
    [InlineData("clip_tiny_fp16_legacy.pt")]
    [InlineData("clip_tiny_fp16_torchscript.pt")]
    public void OpenAis_files_become_single_precision_without_their_settings(string file)
    {
        using UpstreamNetwork network = ClipFile.Read(Golden.Path(file));
        Assert.All(network.Weights.Values, tensor => Assert.Equal(ScalarType.Float32, tensor.dtype));
        Assert.Equal(Manifest.Shapes("clip_tiny").Keys.Order(StringComparer.Ordinal), network.Weights.Keys);
        using ClipModel model = new(ClipSpec.Infer(network.Weights));
        network.Weights.LoadInto(model, "the model");
    }

    [Fact]
    public void Hugging_faces_file_becomes_the_same_model()
    {
        using UpstreamNetwork original = ClipFile.Read(Golden.Path("clip_tiny_fp16_zip.pt"));
        using StateDict foreign = new(HuggingFaceNames.Translate(original.Weights));
        using TemporaryFile file = new(SafetensorsWriter.ToBytes(foreign));
        using UpstreamNetwork network = ClipFile.Read(file.Path);
        Assert.Equal(original.Weights.Keys, network.Weights.Keys);
        foreach ((string key, Tensor tensor) in network.Weights) Assert.True(tensor.equal(original.Weights[key]).all().item<bool>(), key);
    }

    [Fact]
    public void A_residual_image_network_is_refused_by_saying_so()
    {
        using StateDict weights = new(
        [
            KeyValuePair.Create("visual.conv1.weight", zeros(1)), KeyValuePair.Create("visual.layer1.0.conv1.weight", zeros(1)),
        ]);
        using TemporaryFile file = new(SafetensorsWriter.ToBytes(weights));
        Assert.Contains("residual network", Assert.Throws<WeightsException>(() => ClipFile.Read(file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_file_is_described() =>
        Assert.Contains("a dict of g_ema, latent_avg; a CLIP model has the key", Assert.Throws<WeightsException>(() => ClipFile.Read(Golden.Path("stylegan2_tiny_rosinality.pt"))).Message, StringComparison.Ordinal);
}
