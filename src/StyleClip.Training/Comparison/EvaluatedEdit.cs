using StyleClip.Contracts.Comparisons;

namespace StyleClip.Training.Comparison;

/// <summary>What the evaluator measured of one method and prompt.</summary>
/// <param name="Latents">Numbers of each latent, in order.</param>
/// <param name="StepSimilarity">How alike the steps of the latents are.</param>
/// <param name="ImageSeconds">Seconds to edit and render one latent, mean.</param>
/// <param name="Pictures">The edited images, PNG, in order, sized as those of the sources.</param>
public sealed record EvaluatedEdit(IReadOnlyList<EditNumbers> Latents, StepSimilarity StepSimilarity, double ImageSeconds, IReadOnlyList<byte[]> Pictures);
