using static TorchSharp.torch;

namespace StyleClip.Models.Tests;

public sealed class ShapeTests
{
    [Fact]
    public void A_matching_shape_passes_and_minus_one_accepts_any_size()
    {
        using Tensor tensor = zeros(2, 18, 512);
        Shape.Require(tensor, "wPlus", -1, 18, 512);
    }

    [Theory]
    [InlineData(new long[] { -1, 18, 64 }, "[*, 18, 64]")]
    [InlineData(new long[] { -1, 18 }, "[*, 18]")]
    public void A_wrong_shape_names_the_argument_and_both_shapes(long[] expected, string expectedText)
    {
        using Tensor tensor = zeros(2, 18, 512);
        ArgumentException error = Assert.Throws<ArgumentException>("wPlus", () => Shape.Require(tensor, "wPlus", expected));
        Assert.Contains($"wPlus has shape [2, 18, 512]; expected {expectedText}, where", error.Message, StringComparison.Ordinal);
    }
}
