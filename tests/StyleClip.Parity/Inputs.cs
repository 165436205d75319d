using StyleClip.Reference;
using static TorchSharp.torch;

namespace StyleClip.Parity;

/// <summary>Inputs of one file, named below its own root such as <c>input/mapper</c>.</summary>
public sealed record Inputs(string Prefix, string Root)
{
    /// <summary>Unit-variance values.</summary>
    public Tensor Latent(string name, params ReadOnlySpan<long> shape) => Formula.Latent(Prefix, $"{Root}/{name}", shape);

    /// <summary>Values of scale 1.</summary>
    public Tensor Uniform(string name, params ReadOnlySpan<long> shape) => Formula.Tensor(Prefix, $"{Root}/{name}", shape);

    public Tensor Image(string name, int count, int height, int width) => Formula.Image(Prefix, $"{Root}/{name}", count, height, width);
}
