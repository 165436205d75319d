using StyleClip.Contracts.Packs;
using StyleClip.Models.Losses;
using StyleClip.Models.Perceptual;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Perceptual;

public sealed class VggFeaturesTests
{
    private static readonly PackPerceptual Spec = new() { Layers = [new(3, 4), new(4, 6, Pool: true), new(6, 5)], WorkingSize = 16 };

    [Theory]
    [InlineData(PerceptualInput.Rgb)]
    [InlineData(PerceptualInput.Bgr255)]
    public void Features_are_those_of_the_network_written_out(PerceptualInput input)
    {
        using DisposeScope scope = NewDisposeScope();
        using var network = new VggFeatures(Spec with { Input = input });
        Tensor images = (rand(2, 3, 16, 16) * 2) - 1;
        Tensor pixels = (images + 1) / 2; // [0, 1]
        Tensor given = input == PerceptualInput.Rgb
            ? stack([(pixels[.., 0] - 0.485) / 0.229, (pixels[.., 1] - 0.456) / 0.224, (pixels[.., 2] - 0.406) / 0.225], 1)
            : stack([(pixels[.., 2] * 255) - 103.939, (pixels[.., 1] * 255) - 116.779, (pixels[.., 0] * 255) - 123.68], 1);
        using StateDict weights = StateDict.From(network);

        Tensor expected = Layer(nn.functional.max_pool2d(Layer(Layer(given, 0), 2), 2), 5); // layer 4 is the pooling
        double scale = input == PerceptualInput.Rgb ? 57.63 : 1;

        AssertClose(expected * scale, network.Embed(images));

        Tensor Layer(Tensor x, int layer) => nn.functional.relu(nn.functional.conv2d(x, weights[$"features.{layer}.weight"], weights[$"features.{layer}.bias"], padding: [1L, 1]));
    }

    [Fact]
    public void Larger_images_are_averaged_down_and_smaller_ones_are_left()
    {
        using DisposeScope scope = NewDisposeScope();
        using var network = new VggFeatures(Spec);
        Tensor images = (rand(1, 3, 16, 16) * 2) - 1;

        AssertClose(network.Embed(images), network.Embed(images.repeat_interleave(4, 2).repeat_interleave(4, 3)));
        Assert.Equal([1L, 5, 4, 4], network.Embed(images[.., .., ..8, ..8]).shape);
    }

    [Fact]
    public void The_loss_is_the_mean_square_and_moves_images_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        using var network = new VggFeatures(Spec);
        network.Freeze();
        var loss = new PerceptualLoss(network);
        Tensor target = (rand(1, 3, 16, 16) * 2) - 1, image = ((rand(1, 3, 16, 16) * 2) - 1).requires_grad_();
        Tensor features = loss.Features(target);

        Tensor distance = loss.Loss(image, features);
        distance.backward();

        Assert.Equal((network.Embed(image) - features).square().mean().ToDouble(), distance.ToDouble(), 1e-3);
        Assert.Equal(0, loss.Loss(target, features).ToDouble(), 1e-9);
        Assert.True(image.grad!.abs().sum().ToDouble() > 0);
        Assert.All(network.parameters(), parameter => Assert.False(parameter.requires_grad));
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        double error = (expected - actual).abs().max().ToDouble(), largest = expected.abs().max().ToDouble();
        Assert.True(error <= 1e-5 * largest, $"features of at most {largest} differ by {error}");
    }
}
