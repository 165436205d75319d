using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

/// <summary>Fills tensors in place. Values are drawn on the CPU, so that they do not depend on the device.</summary>
internal static class Initialization
{
    public static void Normal(Tensor tensor, torch.Generator random, double standardDeviation = 1)
    {
        using IDisposable noGrad = no_grad();
        using Tensor values = randn(tensor.shape, generator: random);
        values.mul_(standardDeviation);
        tensor.copy_(values);
    }

    public static void Constant(Tensor tensor, double value)
    {
        using IDisposable noGrad = no_grad();
        tensor.fill_(value);
    }
}
