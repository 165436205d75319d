using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Training.Mapping;

// B batch, L style layers, D style width, C width of a style vector

/// <summary>
/// Several mappers at work on the same codes. Every mapper sees the unedited code; their offsets are added, each with its own strength:
/// those in W+ to the code, those in style space to the styles of the code so edited. So the order of the mappers does not matter.
/// </summary>
public sealed class CombinedEdit
{
    private readonly Generator _generator;
    private readonly IReadOnlyList<IReadOnlyList<Tensor>> _deltas;
    private readonly Tensor _source;

    /// <summary>Runs the mappers once; what it makes is in the caller's dispose scope.</summary>
    /// <param name="generator">The frozen generator that the mappers work on.</param>
    /// <param name="edits">At least one mapper.</param>
    /// <param name="wPlus">The codes, [B, L, D].</param>
    public CombinedEdit(Generator generator, IReadOnlyList<MapperEdit> edits, Tensor wPlus)
    {
        ArgumentNullException.ThrowIfNull(edits);
        ArgumentOutOfRangeException.ThrowIfZero(edits.Count, nameof(edits));
        (_generator, _source) = (generator, wPlus);
        _deltas = [.. edits.Select(edit => edit.Delta(wPlus))];
    }

    /// <summary>The images of the edited codes, [B, 3, H, W].</summary>
    /// <param name="strengths">The factor on each mapper's output, in the order of the mappers; a negative one goes the other way.</param>
    public Tensor Synthesize(IReadOnlyList<double> strengths)
    {
        ArgumentNullException.ThrowIfNull(strengths);
        if (strengths.Count != _deltas.Count) throw new ArgumentException($"{strengths.Count} strengths were given for {_deltas.Count} mappers.", nameof(strengths));
        Tensor edited = _source;
        for (int i = 0; i < strengths.Count; i++)
        {
            if (_deltas[i] is [var delta]) edited += strengths[i] * delta;
        }

        if (_deltas.All(deltas => deltas.Count == 1)) return _generator.Synthesize(edited);
        Tensor[] styles = _generator.Styles(edited);
        for (int i = 0; i < strengths.Count; i++)
        {
            if (_deltas[i].Count == 1) continue;
            for (int vector = 0; vector < styles.Length; vector++) styles[vector] += strengths[i] * _deltas[i][vector];
        }

        return _generator.SynthesizeFromStyles(styles);
    }
}
