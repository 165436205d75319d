using StyleClip.Contracts.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Mappers;

// B batch, L style layers (18 at 1024 px), D style width.

/// <summary>
/// Network that gives the change of a latent which a prompt asks for (StyleCLIP, section 5). The trainer adds the change, times the
/// edit strength, to the latent. A new mapper holds zeros: load weights into it or call <see cref="Initialize"/>.
/// </summary>
public abstract class Mapper : nn.Module
{
    private protected Mapper(MapperSpec spec, string name)
        : base(name) => Spec = spec.Validated();

    /// <summary>The mapper's shape.</summary>
    public MapperSpec Spec { get; }

    /// <summary>Draws every weight from a normal distribution, with the published scale, and sets the biases to 0.</summary>
    /// <param name="random">A generator on the CPU; the same seed gives the same weights on every device.</param>
    public abstract void Initialize(torch.Generator random);

    /// <summary>The change of a latent.</summary>
    /// <param name="wPlus">[B, L, D]</param>
    /// <returns>[B, L, D], before the edit strength.</returns>
    public abstract Tensor Delta(Tensor wPlus);

    /// <summary>The dimension of [B, L, D] that the pixel norm averages over.</summary>
    private protected static int NormDimension(PixelNormAxis axis) => axis == PixelNormAxis.Layer ? 1 : 2;
}
