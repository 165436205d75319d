using StyleClip.Contracts.Recipes;
using StyleClip.Models.Mappers;
using StyleClip.Models.StyleGan2;
using StyleClip.Reference;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Mappers;

public sealed class MapperGoldenTests : IDisposable
{
    private static readonly GeneratorSpec Published = GeneratorSpec.ConfigF(1024);
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly GoldenData _golden = new("mappers");

    public void Dispose()
    {
        _golden.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData("all", Levels.All)]
    [InlineData("no_coarse", Levels.Medium | Levels.Fine)]
    [InlineData("no_medium", Levels.Coarse | Levels.Fine)]
    [InlineData("no_fine", Levels.Coarse | Levels.Medium)]
    [InlineData("no_coarse_no_medium", Levels.Fine)]
    public void The_levels_mapper_equals_the_recorded_one_with_every_switch(string name, Levels levels)
    {
        using var mapper = new LevelsMapper(MapperSpec.For(Published) with { Levels = levels });
        FormulaWeights.Fill(mapper, GoldenData.Prefix, WeightFamily.Mapper);
        _golden.Check($"{name}/out", mapper.Delta(_golden["wplus"]));
    }

    [Fact]
    public void The_gradients_of_the_levels_mapper_equal_the_recorded_ones()
    {
        using var mapper = new LevelsMapper(MapperSpec.For(Published));
        Assert.Equal(Manifest.Shapes("levelsmapper"), Manifest.Shapes(mapper));
        FormulaWeights.Fill(mapper, GoldenData.Prefix, WeightFamily.Mapper);
        Tensor wPlus = _golden["wplus"].clone().requires_grad_();
        Tensor weight = Formula.Tensor(GoldenData.Prefix, "input/mapper/gradT", wPlus.shape);

        (mapper.Delta(wPlus) * weight).mean().backward();

        _golden.Check("all/d_mean_outT_dx", wPlus.grad!);
        foreach ((string name, Parameter parameter) in mapper.named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal))
                _golden.Check($"all/grad/{name}", parameter.grad!);
            else
                _golden.Check($"all/gradnorm/{name}", parameter.grad!.to(ScalarType.Float64).norm()); // a norm in float32 is off by more than the gradient
        }
    }

    [Fact]
    public void The_single_mapper_equals_the_recorded_one()
    {
        using var mapper = new SingleMapper(MapperSpec.For(Published, MapperKind.Single));
        Assert.Equal(Manifest.Shapes("singlemapper"), Manifest.Shapes(mapper));
        FormulaWeights.Fill(mapper, GoldenData.Prefix, WeightFamily.Mapper);
        _golden.Check("single/out", mapper.Delta(_golden["wplus"]));
    }

    [Theory]
    [InlineData("fullstylespace", MapperKind.FullStyleSpace)]
    [InlineData("notorgb_stylespace", MapperKind.StyleSpaceWithoutToRgb)]
    public void The_style_space_mappers_equal_the_recorded_ones(string name, MapperKind kind)
    {
        using var mapper = new StyleSpaceMapper(MapperSpec.For(Published, kind));
        if (kind == MapperKind.FullStyleSpace) Assert.Equal(Manifest.Shapes("fullstylespacemapper"), Manifest.Shapes(mapper));
        FormulaWeights.Fill(mapper, GoldenData.Prefix, WeightFamily.Mapper);
        Tensor[] styles = [.. Published.StyleWidths.Select((width, i) => Formula.Latent(GoldenData.Prefix, $"input/mapper/s.{i}", 2, width))];
        _golden.Check($"{name}/out_concat", cat(mapper.Delta(styles), 1));
    }
}
