using System.Collections.Immutable;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Reference.Literal;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;
using RandomGenerator = TorchSharp.torch.Generator;

namespace StyleClip.Models.Tests.StyleGan2;

public sealed class GeneratorTests : IDisposable
{
    private const double Rounding = 1e-10; // of double arithmetic in another order
    private static readonly GeneratorSpec Small = Narrow(32, 16, 6, 5, 8);
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly RandomGenerator _random = new(11, CPU);

    public static TheoryData<GeneratorSpec> Shapes =>
    [
        Narrow(8, 5, 3),
        Small,
        Narrow(64, 9, 7, 8, 4, 6) with { StyleDim = 24, MappingLayers = 3 },
        Narrow(16, 130, 20, 12), // wider than the limit of the channels-last order
    ];

    public void Dispose()
    {
        _random.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Images_and_latent_gradients_equal_the_per_sample_formulation(GeneratorSpec spec)
    {
        using Generator generator = Make(spec, ScalarType.Float64);
        generator.Freeze();
        LiteralGenerator literal = new(spec, generator.state_dict());
        Tensor wPlus = Latents(spec, 3).requires_grad_();
        Tensor weight = Noise(3, 3, spec.Size, spec.Size);

        Tensor expected = literal.Synthesize(wPlus);
        Tensor actual = generator.Synthesize(wPlus);

        AssertNear(expected, actual);
        AssertNear(autograd.grad([(expected * weight).sum()], [wPlus])[0], autograd.grad([(actual * weight).sum()], [wPlus])[0]);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Weight_gradients_equal_the_per_sample_formulation(GeneratorSpec spec)
    {
        using Generator generator = Make(spec, ScalarType.Float64);
        LiteralGenerator literal = new(spec, generator.state_dict());
        Tensor z = Noise(2, spec.StyleDim);
        Tensor weight = Noise(2, 3, spec.Size, spec.Size);
        List<Parameter> parameters = [.. generator.parameters()];

        Tensor expected = literal.Synthesize(generator.Repeat(literal.MapToW(z)));
        Tensor actual = generator.Synthesize(generator.Repeat(generator.MapToW(z)));

        AssertNear(expected, actual);
        IList<Tensor> expectedGradients = autograd.grad([(expected * weight).sum()], [.. parameters]);
        IList<Tensor> gradients = autograd.grad([(actual * weight).sum()], [.. parameters]);
        Assert.All(Enumerable.Range(0, parameters.Count), i => AssertNear(expectedGradients[i], gradients[i]));
    }

    [Fact]
    public void A_trained_step_changes_the_normalisation()
    {
        using Generator generator = Make(Small, ScalarType.Float64);
        Tensor wPlus = Latents(Small, 1);
        using (Tensor before = generator.Synthesize(wPlus)) before.square().sum().backward();
        using (no_grad())
        {
            foreach (Parameter parameter in generator.parameters())
            {
                if (parameter.grad is Tensor gradient) parameter.add_(gradient, alpha: -0.05);
            }
        }

        AssertNear(new LiteralGenerator(Small, generator.state_dict()).Synthesize(wPlus), generator.Synthesize(wPlus));
    }

    [Fact]
    public void Freezing_changes_no_value_and_stops_weight_gradients()
    {
        using Generator generator = Make(Small, ScalarType.Float32);
        Tensor wPlus = Latents(Small, 2).to(ScalarType.Float32).requires_grad_();
        Tensor before = generator.Synthesize(wPlus);

        generator.Freeze();
        Tensor after = generator.Synthesize(wPlus);
        after.sum().backward();

        Assert.True(before.equal(after).all().ToBoolean());
        Assert.All(generator.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.True(wPlus.grad!.abs().sum().ToDouble() > 0);
    }

    [Fact]
    public void A_frozen_generator_can_change_precision_and_be_refilled()
    {
        using Generator first = Make(Small, ScalarType.Float32);
        using Generator second = Make(Small, ScalarType.Float64);
        first.Freeze();
        first.to(ScalarType.Float64);
        using (StateDict weights = StateDict.From(second)) weights.LoadInto(first, "the generator");
        first.Freeze();
        Tensor wPlus = Latents(Small, 1);
        AssertNear(second.Synthesize(wPlus), first.Synthesize(wPlus));
    }

    [Fact]
    public void Style_vectors_have_the_stated_widths_and_give_the_same_image_as_their_latents()
    {
        using Generator generator = Make(Small, ScalarType.Float64);
        Tensor wPlus = Latents(Small, 2);
        Tensor[] styles = generator.Styles(wPlus);
        Assert.Equal(Small.StyleWidths, styles.Select(style => (int)style.shape[1]));
        Assert.True(generator.SynthesizeFromStyles(styles).equal(generator.Synthesize(wPlus)).all().ToBoolean());
        AssertNear(new LiteralGenerator(Small, generator.state_dict()).Styles(wPlus)[^1], styles[^1]);
    }

    [Fact]
    public void A_pyramid_ends_with_the_image_and_holds_every_smaller_one()
    {
        using Generator generator = Make(Small, ScalarType.Float64);
        Tensor wPlus = Latents(Small, 2);
        Tensor[] images = generator.SynthesizePyramid(wPlus, 32);
        Assert.Equal([4, 8, 16, 32], images.Select(image => image.shape[3]));
        Assert.True(images[^1].equal(generator.Synthesize(wPlus)).all().ToBoolean());
        Assert.True(generator.SynthesizePyramid(wPlus, 8)[^1].equal(images[1]).all().ToBoolean());
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.SynthesizePyramid(wPlus, 64));
    }

    [Fact]
    public void Mixing_takes_the_first_layers_from_one_latent_and_the_rest_from_the_other()
    {
        using Generator generator = Make(Small, ScalarType.Float64);
        (Tensor first, Tensor second) = (Noise(1, Small.StyleDim), Noise(1, Small.StyleDim));
        Tensor mixed = generator.Mix(first, second, 3);
        Assert.Equal([1, Small.StyleLayers, Small.StyleDim], mixed.shape);
        Assert.True(mixed[.., ..3].equal(first).all().ToBoolean());
        Assert.True(mixed[.., 3..].equal(second).all().ToBoolean());
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.Mix(first, second, Small.StyleLayers + 1));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.7)]
    [InlineData(0.0)]
    public void Truncation_moves_latents_towards_the_mean(double psi)
    {
        using Generator generator = Make(Small, ScalarType.Float64);
        (Tensor wPlus, Tensor mean) = (Latents(Small, 2), Noise(1, Small.StyleDim));
        AssertNear((wPlus * psi) + (mean * (1 - psi)), generator.Truncate(wPlus, mean, psi));
        Assert.Throws<ArgumentException>(() => generator.Truncate(wPlus, Noise(1, 3), psi));
    }

    [Fact]
    public void The_same_seed_gives_the_same_generator()
    {
        using Generator first = Make(Small, ScalarType.Float32);
        using Generator second = new(Small);
        second.Initialize(new RandomGenerator(5, CPU));
        Tensor wPlus = Latents(Small, 1).to(ScalarType.Float32);
        Assert.True(first.Synthesize(wPlus).equal(second.Synthesize(wPlus)).all().ToBoolean());
    }

    [Fact]
    public void Latents_of_another_shape_are_refused_with_both_shapes()
    {
        using Generator generator = Make(Small, ScalarType.Float64);
        ArgumentException error = Assert.Throws<ArgumentException>(() => generator.Synthesize(Noise(2, Small.StyleDim)));
        Assert.Contains("[2, 16]", error.Message, StringComparison.Ordinal);
        Assert.Contains("8, 16]", error.Message, StringComparison.Ordinal);
        Tensor[] styles = generator.Styles(Latents(Small, 1));
        Assert.Throws<ArgumentException>(() => generator.SynthesizeFromStyles(styles[1..]));
        styles[2] = Noise(1, 1);
        Assert.Throws<ArgumentException>(() => generator.SynthesizeFromStyles(styles));
    }

    private static GeneratorSpec Narrow(int size, params int[] channels) => new()
    {
        Size = size,
        StyleDim = 16,
        MappingLayers = 2,
        Channels = channels.Select((count, i) => KeyValuePair.Create(4 << i, count)).ToImmutableSortedDictionary(),
    };

    // Biases and noise strengths are drawn too: a new generator has them at zero, where a fault in them would not show.
    private static Generator Make(GeneratorSpec spec, ScalarType type)
    {
        var generator = new Generator(spec);
        using RandomGenerator random = new(5, CPU);
        generator.Initialize(random);
        if (type == ScalarType.Float32) return generator;
        generator.to(type);
        using IDisposable noGrad = no_grad();
        foreach ((string name, Parameter parameter) in generator.named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal) || name.EndsWith("noise.weight", StringComparison.Ordinal))
                parameter.add_(randn(parameter.shape, type, generator: random), alpha: 0.3);
        }

        return generator;
    }

    private static void AssertNear(Tensor expected, Tensor actual)
    {
        double error = ((actual - expected).norm() / (expected.norm() + 1e-300)).ToDouble();
        Assert.True(error < Rounding, $"The relative L2 error is {error:E2}.");
    }

    private Tensor Latents(GeneratorSpec spec, int batch) => Noise(batch, spec.StyleLayers, spec.StyleDim);

    private Tensor Noise(params long[] shape) => randn(shape, ScalarType.Float64, generator: _random);
}
