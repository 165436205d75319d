using StyleClip.Training.Mapping;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Training.Comparison;

// L style layers, D style width

/// <summary>A trained mapper's edits. Owns the mapper.</summary>
/// <param name="edit">The mapper at work.</param>
/// <param name="generator">The frozen generator.</param>
public sealed class MapperResult(MapperEdit edit, Generator generator) : IComparedEdit
{
    /// <inheritdoc/>
    public EditedCode Apply(int index, Tensor wPlus)
    {
        IReadOnlyList<Tensor> edited = edit.Apply(wPlus).Edited;
        return edited is [var moved] ? new(generator.Styles(moved), moved) : new(edited, null);
    }

    /// <inheritdoc/>
    public void Dispose() => edit.Dispose();
}
