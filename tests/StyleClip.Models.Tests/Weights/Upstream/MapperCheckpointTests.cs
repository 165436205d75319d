using StyleClip.Contracts.Recipes;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;

namespace StyleClip.Models.Tests.Weights.Upstream;

public sealed class MapperCheckpointTests
{
    [Theory]
    [InlineData("mapper_tiny_coach.pt")]
    [InlineData("mapper_tiny_coach_legacy.pt")]
    public void A_published_mapper_tells_its_form_and_prompt(string file)
    {
        using MapperCheckpoint mapper = MapperCheckpoint.Read(Golden.Path(file));
        using UpstreamNetwork decoder = GeneratorFile.Read(Golden.Path(file));
        mapper.RequireFit(file, GeneratorSpec.Infer(decoder.Weights));
        Assert.Equal("a person with purple hair", mapper.Description);
        Assert.Equal("64", mapper.Options["stylegan_size"]);
        Assert.Equal(new MapperRecipe { Kind = MapperKind.Levels, Levels = Levels.All, Depth = 4, PixelNormAxis = PixelNormAxis.Layer, Strength = 0.1 }, mapper.Recipe);
    }

    [Fact]
    public void A_mapper_for_another_generator_is_refused_with_every_shape()
    {
        using MapperCheckpoint mapper = MapperCheckpoint.Read(Golden.Path("mapper_tiny_coach.pt"));
        string message = Assert.Throws<WeightsException>(() => mapper.RequireFit("x.pt", GeneratorSpec.ConfigF(64, styleDim: 32))).Message;
        Assert.Contains("24 misshapen", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_mapper_is_refused() =>
        Assert.Contains("mapper.course_mapping", Assert.Throws<WeightsException>(() => MapperCheckpoint.Read(Golden.Path("stylegan2_tiny_rosinality.pt"))).Message, StringComparison.Ordinal);
}
