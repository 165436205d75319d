using StyleClip.Contracts.Recipes;
using StyleClip.Models.Mappers;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;
using RandomGenerator = TorchSharp.torch.Generator;

namespace StyleClip.Models.Tests.Mappers;

public sealed class MapperTests : IDisposable
{
    private static readonly MapperSpec Small = new() { StyleDim = 8, StyleLayers = 10, CoarseEnd = 3, MediumEnd = 6 };

    private static readonly MapperSpec SmallStyleSpace = Small with
    {
        Kind = MapperKind.StyleSpaceWithoutToRgb,
        StyleWidths = [6, 6, 4],
        StyleIsToRgb = [false, true, false],
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly RandomGenerator _random = new(3, CPU);

    public void Dispose()
    {
        _random.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(Levels.None)]
    [InlineData(Levels.Coarse)]
    [InlineData(Levels.Medium | Levels.Fine)]
    [InlineData(Levels.Coarse | Levels.Fine)]
    [InlineData(Levels.All)]
    public void A_level_that_is_off_has_no_parameters_and_changes_nothing(Levels levels)
    {
        using Mapper mapper = MapperFactory.Create(Small with { Levels = levels }, _random);
        Tensor delta = mapper.Delta(Latents());
        Assert.Equal([2, 10, 8], delta.shape);
        AssertLevel(Levels.Coarse, delta[.., ..3], "course_mapping");
        AssertLevel(Levels.Medium, delta[.., 3..6], "medium_mapping");
        AssertLevel(Levels.Fine, delta[.., 6..], "fine_mapping");

        void AssertLevel(Levels level, Tensor rows, string key)
        {
            bool on = levels.HasFlag(level);
            Assert.Equal(on ? 8 : 0, mapper.state_dict().Keys.Count(name => name.StartsWith(key, StringComparison.Ordinal)));
            Assert.Equal(on ? rows.numel() : 0, rows.count_nonzero().ToInt64());
        }
    }

    [Fact]
    public void Each_level_depends_on_its_own_rows_alone()
    {
        using Mapper mapper = MapperFactory.Create(Small, _random);
        Tensor wPlus = Latents();
        Tensor changed = wPlus.clone();
        changed[.., 4] += 1;
        Tensor differs = (mapper.Delta(changed) - mapper.Delta(wPlus)).abs().sum([0L, 2L]).ne(0);
        Assert.Equal([3, 4, 5], Enumerable.Range(0, 10).Where(row => differs[row].ToBoolean()));
    }

    [Fact]
    public void The_layer_axis_sees_only_signs_of_equal_rows_and_the_feature_axis_sees_the_latent()
    {
        Tensor repeated = randn(2, 1, 8, generator: _random).repeat(1, 10, 1);
        Assert.True(DeltaOf(PixelNormAxis.Layer, repeated).allclose(DeltaOf(PixelNormAxis.Layer, repeated.sign()), rtol: 1e-3, atol: 1e-5));
        Assert.False(DeltaOf(PixelNormAxis.Feature, repeated).allclose(DeltaOf(PixelNormAxis.Feature, repeated.sign()), rtol: 1e-1));
        Assert.True(DeltaOf(PixelNormAxis.Feature, repeated).allclose(DeltaOf(PixelNormAxis.Feature, repeated * 3), rtol: 1e-3, atol: 1e-5));

        static Tensor DeltaOf(PixelNormAxis axis, Tensor wPlus)
        {
            using RandomGenerator random = new(4, CPU);
            return MapperFactory.Create(Small with { PixelNormAxis = axis }, random).Delta(wPlus);
        }
    }

    [Theory]
    [InlineData(MapperKind.FullStyleSpace)]
    [InlineData(MapperKind.StyleSpaceWithoutToRgb)]
    public void A_style_space_mapper_leaves_out_to_rgb_vectors_only_where_it_says_so(MapperKind kind)
    {
        using StyleSpaceMapper mapper = MapperFactory.CreateStyleSpace(SmallStyleSpace with { Kind = kind }, _random);
        Tensor[] styles = [randn(2, 6, generator: _random), randn(2, 6, generator: _random), randn(2, 4, generator: _random)];
        Tensor[] deltas = mapper.Delta(styles);
        Assert.Equal(styles.Select(style => style.shape), deltas.Select(delta => delta.shape));
        Assert.True(deltas[0].count_nonzero().ToInt64() > 0);
        Assert.Equal(kind == MapperKind.FullStyleSpace, deltas[1].count_nonzero().ToInt64() > 0);
        Assert.Equal(kind == MapperKind.FullStyleSpace, mapper.state_dict().ContainsKey("mapper_1.mapping.1.weight"));
        Assert.Throws<ArgumentException>(() => mapper.Delta(styles[1..]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        Assert.True(WeightsOf(7).equal(WeightsOf(7)).all().ToBoolean());
        Assert.False(WeightsOf(7).equal(WeightsOf(8)).all().ToBoolean());

        static Tensor WeightsOf(ulong seed)
        {
            using RandomGenerator random = new(seed, CPU);
            using Mapper mapper = MapperFactory.Create(Small, random);
            return cat([.. mapper.parameters().Select(parameter => parameter.detach().flatten())]);
        }
    }

    [Fact]
    public void Initial_weights_have_the_published_deviation_and_biases_are_zero()
    {
        using Mapper mapper = MapperFactory.Create(Small with { StyleDim = 64 }, _random);
        Assert.All(mapper.state_dict(), entry =>
        {
            if (entry.Key.EndsWith("bias", StringComparison.Ordinal))
                Assert.Equal(0, entry.Value.abs().max().ToDouble());
            else
                Assert.InRange(entry.Value.std().ToDouble(), 93, 107);
        });
    }

    [Fact]
    public void Weights_survive_a_round_trip_through_a_state_dict()
    {
        using Mapper source = MapperFactory.Create(Small, _random);
        using Mapper copy = new LevelsMapper(Small);
        using (StateDict weights = StateDict.From(source)) weights.LoadInto(copy, "the mapper");
        Tensor wPlus = Latents();
        Assert.True(source.Delta(wPlus).equal(copy.Delta(wPlus)).all().ToBoolean());
    }

    [Fact]
    public void Impossible_specs_are_refused_and_the_message_names_the_values()
    {
        Assert.Contains("StyleLayers 6", Refusal(Small with { StyleLayers = 6 }), StringComparison.Ordinal);
        Assert.Contains("CoarseEnd 7", Refusal(Small with { CoarseEnd = 7 }), StringComparison.Ordinal);
        Assert.Contains("Depth is 0", Refusal(Small with { Depth = 0 }), StringComparison.Ordinal);
        Assert.Contains("FullStyleSpace", Refusal(Small with { Kind = MapperKind.FullStyleSpace }), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new StyleSpaceMapper(SmallStyleSpace with { StyleIsToRgb = [] }));
        Assert.Throws<ArgumentException>(() => new StyleSpaceMapper(Small));

        static string Refusal(MapperSpec spec)
        {
            using RandomGenerator random = new(1, CPU);
            return Assert.Throws<ArgumentException>(() => MapperFactory.Create(spec, random)).Message;
        }
    }

    [Fact]
    public void Twenty_deltas_leave_no_tensor_behind()
    {
        using Mapper mapper = MapperFactory.Create(Small, _random);
        Tensor wPlus = Latents();
        mapper.Delta(wPlus).Dispose();
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 20; i++) mapper.Delta(wPlus).Dispose();
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_spec_for_a_generator_takes_over_its_sizes()
    {
        GeneratorSpec generator = GeneratorSpec.ConfigF(256, styleDim: 32);
        MapperSpec spec = MapperSpec.For(generator, MapperKind.StyleSpaceWithoutToRgb);
        Assert.Equal((14, 32), (spec.StyleLayers, spec.StyleDim));
        Assert.Equal(generator.StyleWidths, spec.StyleWidths.AsEnumerable());
        Assert.Equal(generator.StyleIsToRgb, spec.StyleIsToRgb.AsEnumerable());
    }

    private Tensor Latents() => randn(2, 10, 8, generator: _random);
}
