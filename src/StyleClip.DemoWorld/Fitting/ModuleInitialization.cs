using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Fitting;

/// <summary>Draws a convolutional network's weights from one source, in the order of their names.</summary>
internal static class ModuleInitialization
{
    public static void Apply(nn.Module module, Generator random)
    {
        using IDisposable untracked = no_grad();
        foreach ((string name, Tensor parameter) in module.named_parameters().OrderBy(pair => pair.name, StringComparer.Ordinal))
        {
            long[] shape = parameter.shape;
            if (shape.Length < 2) continue; // norms begin as the identity, biases and slopes as their modules make them
            double fanIn = shape[1..].Aggregate(1L, (product, side) => product * side);
            using Tensor values = randn(shape, generator: random);
            parameter.copy_(values * Math.Sqrt((shape.Length == 4 ? 2 : 1) / fanIn));
        }
        ZeroBiases(module);
    }

    /// <summary>Sets every bias to zero: modules draw some from a source that the whole process shares.</summary>
    public static void ZeroBiases(nn.Module module)
    {
        using IDisposable untracked = no_grad();
        foreach ((string name, Tensor parameter) in module.named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal)) parameter.zero_();
        }
    }
}
