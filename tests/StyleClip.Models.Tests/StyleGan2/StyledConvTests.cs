using StyleClip.Models.StyleGan2;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.StyleGan2;

/// <summary>A layer by fixed weights, in strips of rows, against the same layer by autograd.</summary>
public sealed class StyledConvTests
{
    private const int Inputs = 6, Outputs = 10, StyleDim = 4, Size = 1024;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void A_layer_in_strips_and_its_gradients_are_those_of_the_whole_layer(int batch, bool doubles)
    {
        using DisposeScope scope = NewDisposeScope();
        using torch.Generator random = new(7);
        using StyledConv layer = new(Inputs, Outputs, StyleDim, doubles);
        layer.Initialize(random);
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in layer.named_parameters())
        {
            parameter.requires_grad_(false);
            if (!name.StartsWith("conv", StringComparison.Ordinal)) parameter.normal_(0, 0.5, generator: random); // noise and bias begin at 0
        }

        layer.Freeze();
        int inputSize = doubles ? Size / 2 : Size;
        Assert.InRange(Strip.Cut(Size, batch * Outputs * Size, step: 2, DeviceType.CPU).Count, 3, Size); // else this compares nothing
        Tensor input = randn([batch, Inputs, inputSize, inputSize], generator: random).requires_grad_();
        Tensor style = (1 + (0.3 * randn([batch, Inputs], generator: random))).requires_grad_();
        Tensor noise = randn([1, 1, Size, Size], generator: random);
        Tensor gradient = randn([batch, Outputs, Size, Size], generator: random);

        Tensor whole = layer.call(input, style, noise);
        IList<Tensor> expected = autograd.grad([whole], [input, style], [gradient]);
        using IDisposable untracked = no_grad();
        Tensor output = layer.Fixed(input, style, noise);
        (Tensor ofInput, Tensor ofStyle) = layer.FixedGradient(input, style, noise, output, gradient);

        Assert.InRange(Distance(whole, output), 0, 1e-5);
        Assert.InRange(Distance(expected[0], ofInput), 0, 1e-5);
        Assert.InRange(Distance(expected[1], ofStyle), 0, 1e-4);
    }

    // Largest difference against the largest value.
    private static double Distance(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        return ((expected - actual).abs().max() / expected.abs().max()).ToDouble();
    }
}
