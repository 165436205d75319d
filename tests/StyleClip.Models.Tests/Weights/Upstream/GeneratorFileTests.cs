using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using StyleClip.Reference;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Models.Tests.Weights.Upstream;

public sealed class GeneratorFileTests
{
    [Theory]
    [InlineData("stylegan2_tiny_rosinality.pt", true)]
    [InlineData("mapper_tiny_coach.pt", false)]
    public void A_file_with_the_published_keys_is_found_wherever_it_keeps_them(string file, bool hasAverage)
    {
        using UpstreamNetwork network = GeneratorFile.Read(Golden.Path(file));
        AssertFormula(network, size: 64);
        Assert.Equal(hasAverage, network.LatentAverage is not null);
    }

    [Fact]
    public void An_nvidia_pickle_is_translated_value_for_value()
    {
        using UpstreamNetwork network = GeneratorFile.Read(Golden.Path("upstream/nvidia_ada_tiny.pkl"));
        AssertFormula(network, size: 16);
        using Tensor expected = Formula.Latent("A:", "input/nvidia/w_avg", 16);
        Assert.Equal(expected.data<float>().ToArray(), network.LatentAverage!.Value);
        Assert.Contains("conv_clamp", Assert.Single(network.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("upstream/nvidia_conditional.pkl", "conditional generator of 10 classes")]
    [InlineData("upstream/stylegan3.pkl", "StyleGAN3")]
    [InlineData("upstream/s_mean_std.pkl", "a list of 2")]
    [InlineData("upstream/w_plus.npy", "one array Float64 [2, 6, 16]")]
    [InlineData("clip_tiny_fp16_zip.pt", "a StyleGAN2 generator has the key")]
    public void Another_network_is_refused_by_what_it_is(string file, string expected)
    {
        WeightsException error = Assert.Throws<WeightsException>(() => GeneratorFile.Read(Golden.Path(file)).Dispose());
        Assert.StartsWith(Golden.Path(file), error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensorflow_pickle_is_refused_with_advice()
    {
        using TemporaryFile file = new(TorchFileBytes.Pickle.Global("dnnlib.tflib.network", "Network").Op((byte)')', 0x81).End());
        Assert.Contains("TensorFlow", Assert.Throws<WeightsException>(() => GeneratorFile.Read(file.Path)).Message, StringComparison.Ordinal);
    }

    private static void AssertFormula(UpstreamNetwork network, int size)
    {
        GeneratorSpec spec = GeneratorSpec.Infer(network.Weights);
        Assert.Equal(size, spec.Size);
        foreach ((string key, Tensor actual) in network.Weights)
        {
            FillRule rule = FormulaWeights.Rule(WeightFamily.StyleGan2, key, actual.shape);
            if (rule.Kind == FillKind.Keep) continue;
            using Tensor expected = Formula.Tensor("A:", key, actual.shape, rule.Kind, rule.Scale, rule.Offset);
            Assert.True(expected.data<float>().SequenceEqual(actual.data<float>()), key);
        }

        using Generator generator = new(spec);
        network.Weights.LoadInto(generator, "the generator");
    }
}
