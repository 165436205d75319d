using System.Collections.Immutable;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Training.Comparison;

// L style layers, D style width, C width of a style vector

/// <summary>A global direction's edits: the same step for every latent. Owns the offsets.</summary>
public sealed class DirectionResult : IComparedEdit
{
    private readonly Generator _generator;
    private readonly ImmutableArray<Tensor> _offsets;
    private readonly double _strength;

    /// <param name="generator">The frozen generator.</param>
    /// <param name="offsets">[C] per style layer, at strength 1.</param>
    /// <param name="strength">How far to go (alpha).</param>
    public DirectionResult(Generator generator, IEnumerable<Tensor> offsets, double strength)
    {
        ArgumentNullException.ThrowIfNull(generator);
        (_generator, _strength) = (generator, strength);
        _offsets = [.. offsets.Select(offset => offset.DetachFromDisposeScope())];
    }

    /// <inheritdoc/>
    public EditedCode Apply(int index, Tensor wPlus) =>
        new([.. _generator.Styles(wPlus).Zip(_offsets, (style, offset) => style.add(offset, alpha: _strength))], null);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor offset in _offsets) offset.Dispose();
    }
}
