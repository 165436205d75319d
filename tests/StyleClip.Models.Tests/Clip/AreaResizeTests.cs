using StyleClip.Models.Clip;
using StyleClip.Reference;
using StyleClip.Reference.Literal;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Clip;

public sealed class AreaResizeTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly AreaResize _resize = new();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(96)]
    [InlineData(224)]
    [InlineData(256)]
    public void Value_and_gradient_equal_enlarging_by_seven_and_pooling(int size)
    {
        Tensor image = randn(2, 3, size, size, ScalarType.Float64, generator: new Generator(3, CPU)).requires_grad_();
        Tensor weight = randn(2, 3, 224, 224, ScalarType.Float64, generator: new Generator(4, CPU));
        Tensor expected = LiteralClipResize.Apply(image);
        Tensor actual = _resize.Apply(image, 224);
        Assert.True(actual.allclose(expected, rtol: 1e-12, atol: 1e-12));
        Tensor expectedGradient = autograd.grad([(expected * weight).sum()], [image])[0];
        Tensor gradient = autograd.grad([(actual * weight).sum()], [image])[0];
        Assert.True(gradient.allclose(expectedGradient, rtol: 1e-12, atol: 1e-12));
    }

    [Fact]
    public void The_result_equals_the_recorded_one()
    {
        using var golden = new GoldenData("clip_resize");
        Tensor image = Formula.Image(GoldenData.Prefix, "input/resize/image256", 1, 256, 256);
        golden.Check("256/resized224", _resize.Apply(image, 224));
    }

    [Theory]
    [InlineData(48, 64, 64)]
    [InlineData(7, 5, 3)]
    [InlineData(64, 64, 32)]
    public void Constant_images_and_means_are_kept_at_any_size(int height, int width, int size)
    {
        Tensor flat = full([1, 2, height, width], 0.25, ScalarType.Float64);
        Assert.True(_resize.Apply(flat, size).allclose(full([1, 2, size, size], 0.25, ScalarType.Float64), atol: 1e-7));
        Tensor noise = rand(1, 1, height, width, ScalarType.Float64, generator: new Generator(5, CPU));
        Assert.Equal(noise.mean().ToDouble(), _resize.Apply(noise, size).mean().ToDouble(), 1e-7);
    }

    [Fact]
    public void An_image_of_the_right_size_comes_back_as_another_tensor()
    {
        Tensor image = rand(1, 3, 8, 8);
        using (Tensor same = _resize.Apply(image, 8)) Assert.True(same.equal(image).all().ToBoolean());
        Assert.False(image.IsInvalid);
    }
}
