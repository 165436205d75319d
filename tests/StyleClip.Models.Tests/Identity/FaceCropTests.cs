using StyleClip.Models.Identity;
using StyleClip.Reference;
using StyleClip.Reference.Literal;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Identity;

public sealed class FaceCropTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_published_crop_equals_the_recorded_one()
    {
        using var golden = new GoldenData("irse50_256");
        Tensor image = Formula.Image(GoldenData.Prefix, "input/irse/y", 2, 256, 256);
        golden.Check("cropped112[0]", FaceCrop.Published.Apply(image).narrow(0, 0, 1));
    }

    [Theory]
    [InlineData(256, 256)]
    [InlineData(512, 512)]
    [InlineData(1024, 1024)]
    [InlineData(300, 280)]
    [InlineData(64, 64)]
    public void Value_and_gradient_equal_adaptive_pooling(int height, int width)
    {
        Tensor image = randn(2, 3, height, width, ScalarType.Float64, generator: new Generator(1, CPU)).requires_grad_();
        Tensor weight = randn(2, 3, 112, 112, ScalarType.Float64, generator: new Generator(2, CPU));
        Tensor expected = LiteralFaceCrop.Apply(image);
        Tensor actual = FaceCrop.Published.Apply(image);
        Assert.True(actual.allclose(expected, rtol: 1e-12, atol: 1e-12));
        Tensor expectedGradient = autograd.grad([(expected * weight).sum()], [image])[0];
        Assert.True(autograd.grad([(actual * weight).sum()], [image])[0].allclose(expectedGradient, rtol: 1e-12, atol: 1e-12));
    }

    [Fact]
    public void The_whole_image_may_be_the_face()
    {
        Tensor image = rand(2, 3, 64, 64);
        Assert.True(FaceCrop.Whole(64).Apply(image).equal(image).all().ToBoolean());
    }

    [Fact]
    public void A_rectangle_outside_the_working_size_is_refused()
    {
        FaceCrop crop = FaceCrop.Published with { Top = 100 };
        Assert.Contains("rows 100 to 287", Assert.Throws<ArgumentException>(() => crop.Apply(zeros(1, 3, 256, 256))).Message, StringComparison.OrdinalIgnoreCase);
    }
}
