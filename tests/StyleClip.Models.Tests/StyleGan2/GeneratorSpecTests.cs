using System.Collections.Immutable;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Models.Tests.StyleGan2;

public sealed class GeneratorSpecTests
{
    [Theory]
    [InlineData(256, 14, 20, 8704)]
    [InlineData(512, 16, 23, 8960)]
    [InlineData(1024, 18, 26, 9088)]
    public void Config_f_has_the_published_latent_and_style_sizes(int size, int layers, int vectors, int total)
    {
        GeneratorSpec spec = GeneratorSpec.ConfigF(size);
        Assert.Equal(layers, spec.StyleLayers);
        Assert.Equal(vectors, spec.StyleWidths.Length);
        Assert.Equal(total, spec.StyleWidths.Sum());
    }

    [Fact]
    public void Every_third_vector_from_the_second_feeds_a_to_rgb_layer()
    {
        ImmutableArray<bool> toRgb = GeneratorSpec.ConfigF(1024).StyleIsToRgb;
        Assert.Equal([1, 4, 7, 10, 13, 16, 19, 22, 25], Enumerable.Range(0, 26).Where(i => toRgb[i]));
    }

    [Fact]
    public void A_to_rgb_layer_shares_its_row_with_the_next_convolution() =>
        Assert.Equal([0, 1, 1, 2, 3, 3, 4, 5], GeneratorSpec.ConfigF(16).StyleRows);

    [Fact]
    public void The_keys_and_shapes_are_the_published_ones()
    {
        using var generator = new Generator(GeneratorSpec.ConfigF(1024));
        Assert.Equal(Manifest.Shapes("stylegan_1024"), Manifest.Shapes(generator));
    }

    [Fact]
    public void The_shape_is_read_off_a_state_dict()
    {
        var spec = new GeneratorSpec
        {
            Size = 32,
            StyleDim = 12,
            MappingLayers = 3,
            Channels = ImmutableSortedDictionary<int, int>.Empty.Add(4, 10).Add(8, 9).Add(16, 8).Add(32, 7),
        };
        using var generator = new Generator(spec);
        using StateDict weights = StateDict.From(generator);
        Assert.Equal(spec, GeneratorSpec.Infer(weights));
    }

    [Fact]
    public void A_state_dict_of_something_else_is_refused_by_the_missing_key()
    {
        using var weights = new StateDict([KeyValuePair.Create("conv1.weight", zeros(1))]);
        WeightsException error = Assert.Throws<WeightsException>(() => GeneratorSpec.Infer(weights));
        Assert.Contains("conv1.conv.weight", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(48)]
    [InlineData(2048)]
    public void A_size_that_is_no_power_of_two_up_to_1024_is_refused(int size)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => GeneratorSpec.ConfigF(size));
        Assert.Contains($"{size}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_channel_table_with_a_missing_or_empty_resolution_is_refused()
    {
        GeneratorSpec good = GeneratorSpec.ConfigF(32);
        Assert.Throws<ArgumentException>(() => (good with { Channels = good.Channels.Remove(16) }).Validated());
        Assert.Throws<ArgumentException>(() => (good with { Channels = good.Channels.SetItem(16, 0) }).Validated());
        Assert.Throws<ArgumentException>(() => (good with { StyleDim = 0 }).Validated());
        Assert.Throws<ArgumentException>(() => (good with { MappingLayers = 0 }).Validated());
    }
}
