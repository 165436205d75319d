using static TorchSharp.torch;

namespace StyleClip.Training.Comparison;

// L style layers, D style width, C width of a style vector

/// <summary>One latent after an edit, in StyleSpace, which every method reaches.</summary>
/// <param name="Styles">[1, C] per style layer.</param>
/// <param name="WPlus">[1, L, D] for methods that work in W+; null for those that work in StyleSpace.</param>
public sealed record EditedCode(IReadOnlyList<Tensor> Styles, Tensor? WPlus);
