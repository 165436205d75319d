using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Comparison;

// N latents, F features of the space

/// <summary>The steps of several latents in one space.</summary>
public static class EditSteps
{
    private const double Still = 1e-9;

    /// <summary>Mean cosine over all pairs of steps; null where fewer than two latents moved, which have no direction.</summary>
    /// <param name="steps">One [F] per latent.</param>
    public static double? Similarity(IReadOnlyCollection<Tensor> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        using DisposeScope scope = NewDisposeScope();
        Tensor[] moved = [.. steps.Select(step => step.to(ScalarType.Float64)).Where(step => step.norm().ToDouble() > Still)];
        if (moved.Length < 2) return null;
        Tensor unit = nn.functional.normalize(stack(moved), dim: 1); // [N, F]
        // The sum of all cosines, those of a step with itself included, is the squared length of the sum.
        double pairs = unit.sum(dim: 0).square().sum().ToDouble() - moved.Length;
        return pairs / (moved.Length * (moved.Length - 1.0));
    }
}
