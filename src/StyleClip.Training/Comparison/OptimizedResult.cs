using System.Collections.Immutable;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Training.Comparison;

// N latents, L style layers, D style width, C width of a style vector

/// <summary>Latents that were optimised one by one: looked up, not computed. Owns them.</summary>
public sealed class OptimizedResult : IComparedEdit
{
    private readonly Generator _generator;
    private readonly ImmutableArray<Tensor> _latents;

    /// <param name="generator">The frozen generator.</param>
    /// <param name="latents">[N, L, D] in W+, or [N, C] per style layer.</param>
    public OptimizedResult(Generator generator, IEnumerable<Tensor> latents)
    {
        ArgumentNullException.ThrowIfNull(generator);
        _generator = generator;
        _latents = [.. latents.Select(latent => latent.DetachFromDisposeScope())];
    }

    /// <inheritdoc/>
    public EditedCode Apply(int index, Tensor wPlus)
    {
        if (_latents is not [var codes]) return new([.. _latents.Select(style => style.narrow(0, index, 1))], null);
        Tensor code = codes.narrow(0, index, 1); // [1, L, D]
        return new(_generator.Styles(code), code);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor latent in _latents) latent.Dispose();
    }
}
