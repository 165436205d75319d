using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

// B batch, C channels, H W pixels

/// <summary>What the layers of a generator with fixed weights and their gradients by hand have in common.</summary>
internal static class FixedGradients
{
    // Native, as TorchSharp does not offer it: one pass, into a tensor that is there.
    private static readonly Lazy<jit.CompilationUnit> Native = new(() => jit.compile(
        """
        def leaky_relu_into(input: Tensor, slope: float, output: Tensor):
            return torch.leaky_relu(input, slope, out=output)

        def multiply_into(a: Tensor, b: Tensor, output: Tensor):
            return torch.mul(a, b, out=output)

        def leaky_relu_backward_(gradient: Tensor, output: Tensor, slope: float):
            return torch.leaky_relu_backward(gradient, output, slope, True, grad_input=gradient)

        """)!);

    /// <summary>Leaky ReLU into a tensor of its shape.</summary>
    public static void LeakyReluInto(Tensor input, Tensor output)
    {
        using var same = (Tensor)Native.Value.invoke("leaky_relu_into", input, LeakyRelu.Slope, output);
    }

    /// <summary>Product into a tensor of its shape.</summary>
    public static void MultiplyInto(Tensor a, Tensor b, Tensor output)
    {
        using var same = (Tensor)Native.Value.invoke("multiply_into", a, b, output);
    }

    /// <summary>Turns the gradient of a leaky ReLU's output into that of its input, in place.</summary>
    public static void ThroughLeakyRelu(Tensor gradient, Tensor output)
    {
        using var same = (Tensor)Native.Value.invoke("leaky_relu_backward_", gradient, output, LeakyRelu.Slope);
    }

    /// <summary>Sum over the pixels of a product, [B, C, H, W] twice to [B, C], without a tensor of the products.</summary>
    public static Tensor Dot(Tensor a, Tensor b) => Flat(a).unsqueeze(1).bmm(Flat(b).unsqueeze(2)).view(a.shape[0], a.shape[1]);

    /// <summary>[B, C, H, W] -> [B C, H W]</summary>
    public static Tensor Flat(Tensor features) => features.reshape(features.shape[0] * features.shape[1], -1);

    /// <summary>[B, C] -> [B, C, 1, 1]</summary>
    public static Tensor PerPixel(Tensor perChannel) => perChannel.unsqueeze(2).unsqueeze(3);
}
