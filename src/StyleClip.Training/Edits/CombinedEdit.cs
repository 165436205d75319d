using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Training.Edits;

// B batch, L style layers, D style width, C width of a style vector

/// <summary>
/// Several edits of the same codes. Every edit sees the unedited code; their offsets are added, each with its own strength: those in W+ to
/// the code, those in style space to the styles of the code so edited. So the order of the edits does not matter.
/// </summary>
public sealed class CombinedEdit
{
    private readonly Generator _generator;
    private readonly IReadOnlyList<(IReadOnlyList<Tensor> Offset, bool IsInWPlus)> _edits;
    private readonly ImageCodes _source;

    /// <summary>Runs the edits once; what it makes is in the caller's dispose scope.</summary>
    /// <param name="generator">The frozen generator that the edits work on.</param>
    /// <param name="edits">At least one edit.</param>
    /// <param name="source">The codes.</param>
    /// <exception cref="ArgumentException">The codes are in style space and an edit needs W+.</exception>
    public CombinedEdit(Generator generator, IReadOnlyList<ICodeEdit> edits, ImageCodes source)
    {
        ArgumentNullException.ThrowIfNull(edits);
        ArgumentOutOfRangeException.ThrowIfZero(edits.Count, nameof(edits));
        (_generator, _source) = (generator, source);
        _edits = [.. edits.Select(edit => (edit.Offset(source), edit.NeedsWPlus))];
    }

    /// <summary>The images of the edited codes, [B, 3, H, W].</summary>
    /// <param name="strengths">The factor on each edit's offset, in the order of the edits; a negative one goes the other way.</param>
    public Tensor Synthesize(IReadOnlyList<double> strengths)
    {
        ArgumentNullException.ThrowIfNull(strengths);
        if (strengths.Count != _edits.Count) throw new ArgumentException($"{strengths.Count} strengths were given for {_edits.Count} edits.", nameof(strengths));
        ImageCodes moved = _source.WPlus is { } wPlus ? ImageCodes.InWPlus(_generator, MovedInWPlus(wPlus, strengths)) : _source;
        return _edits.All(edit => edit.IsInWPlus) ? moved.Synthesize() : _generator.SynthesizeFromStyles(MovedInStyleSpace(moved.Styles(), strengths));
    }

    private Tensor MovedInWPlus(Tensor wPlus, IReadOnlyList<double> strengths)
    {
        Tensor moved = wPlus;
        for (int i = 0; i < strengths.Count; i++)
        {
            if (_edits[i] is { IsInWPlus: true, Offset: [var offset] }) moved += strengths[i] * offset;
        }

        return moved;
    }

    private Tensor[] MovedInStyleSpace(IReadOnlyList<Tensor> styles, IReadOnlyList<double> strengths)
    {
        Tensor[] moved = [.. styles];
        for (int i = 0; i < strengths.Count; i++)
        {
            if (_edits[i].IsInWPlus) continue;
            for (int vector = 0; vector < moved.Length; vector++) moved[vector] += strengths[i] * _edits[i].Offset[vector];
        }

        return moved;
    }
}
