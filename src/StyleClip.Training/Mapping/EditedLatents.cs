using static TorchSharp.torch;

namespace StyleClip.Training.Mapping;

// B batch, L style layers, D style width, C width of a style vector

/// <summary>Codes before and after a mapper's edit, in the space that the mapper works in.</summary>
/// <param name="Edited">One [B, L, D] in W+, or one [B, C] per style vector.</param>
/// <param name="Source">Likewise.</param>
public sealed record EditedLatents(IReadOnlyList<Tensor> Edited, IReadOnlyList<Tensor> Source)
{
    /// <summary>Euclidean norm of each latent's offset, [B].</summary>
    public Tensor OffsetNorm() =>
        stack([.. Edited.Zip(Source, (edited, source) => (edited - source).flatten(1).square().sum(1))]).sum(dim: 0).sqrt();
}
