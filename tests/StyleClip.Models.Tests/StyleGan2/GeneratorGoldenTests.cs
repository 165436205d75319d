using StyleClip.Models.StyleGan2;
using StyleClip.Reference;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Models.Tests.StyleGan2;

public sealed class GeneratorGoldenTests : IClassFixture<GeneratorGoldenTests.Recorded>
{
    private readonly Recorded _recorded;

    public GeneratorGoldenTests(Recorded recorded) => _recorded = recorded;

    [Fact]
    public void Every_layer_the_image_and_the_latent_gradient_equal_the_recorded_ones()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor wPlus = _recorded.Golden["wplus"].clone().requires_grad_();
        int layers = 0;
        Tensor[] styles = _recorded.Generator.Styles(wPlus);
        Tensor image = _recorded.Generator.SynthesizeFromStyles(styles, CheckLayer);
        Tensor loss = (image * Formula.Image(GoldenData.Prefix, "input/64/gradT", 2, 64, 64)).mean();
        loss.backward();

        Assert.Equal(14, layers);
        _recorded.Golden.Check("styles", cat(styles, 1));
        _recorded.Golden.Check("image", image);
        _recorded.Golden.Check("loss", loss);
        _recorded.Golden.Check("dloss_dwplus", wPlus.grad!);

        void CheckLayer(string name, Tensor output)
        {
            layers++;
            Tensor first = output[0..1];
            if (output.shape[2] < 16 || name.StartsWith("to_rgb", StringComparison.Ordinal))
                _recorded.Golden.Check($"act/{name}", first);
            else
                _recorded.Golden.Check($"act_corner8x16x16/{name}", first[.., ..8, ..16, ..16]);
        }
    }

    [Fact]
    public void The_image_of_moved_style_vectors_equals_the_recorded_one()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Tensor[] styles = _recorded.Generator.Styles(_recorded.Golden["wplus"]);
        for (int i = 0; i < styles.Length; i++)
            styles[i] = styles[i] + Formula.Tensor(GoldenData.Prefix, $"input/64/dstyle.{i}", styles[i].shape, scale: 0.5);
        _recorded.Golden.Check("image_from_styles", _recorded.Generator.SynthesizeFromStyles(styles));
    }

    [Fact]
    public void Mapping_truncation_and_mixing_equal_the_recorded_ones()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Generator generator = _recorded.Generator;
        Tensor w = generator.MapToW(_recorded.Golden["z"]);
        Tensor meanW = generator.MapToW(Formula.Latent(GoldenData.Prefix, "input/64/zmean", 32, 512)).mean([0L], keepdim: true);
        Tensor truncated = generator.Repeat(generator.Truncate(w[0..1], meanW, 0.7));
        Tensor mixed = generator.Mix(w[0..1], w[1..2], 5);
        _recorded.Golden.Check("mapping_w", w);
        _recorded.Golden.Check("mean_w", meanW);
        _recorded.Golden.Check("trunc0.7_latent", truncated);
        _recorded.Golden.Check("trunc0.7_image", generator.Synthesize(truncated));
        _recorded.Golden.Check("mix5_latent", mixed);
        _recorded.Golden.Check("mix5_image", generator.Synthesize(mixed));
    }

    /// <summary>The generator of 64 pixels with the formula's weights, and what the original made with them.</summary>
    public sealed class Recorded : IDisposable
    {
        public Recorded()
        {
            FormulaWeights.Fill(Generator, GoldenData.Prefix, WeightFamily.StyleGan2);
            Generator.Freeze();
        }

        internal Generator Generator { get; } = new(GeneratorSpec.ConfigF(64));

        internal GoldenData Golden { get; } = new("stylegan2_64");

        public void Dispose()
        {
            Generator.Dispose();
            Golden.Dispose();
        }
    }
}
