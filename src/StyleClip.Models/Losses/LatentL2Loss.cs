using static TorchSharp.torch;

namespace StyleClip.Models.Losses;

/// <summary>How far an edit moves a latent code; keeps it near the source (StyleCLIP, equation of the mapper's loss).</summary>
public static class LatentL2Loss
{
    /// <summary>Mean of the squared difference over all elements, a scalar.</summary>
    /// <param name="wEdited">The edited codes, [B, L, D].</param>
    /// <param name="w">The source codes, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor WPlus(Tensor wEdited, Tensor w) => MeanSquare(wEdited, w, nameof(wEdited));

    /// <summary>Sum over the style vectors of the mean squared difference within each, a scalar.</summary>
    /// <param name="edited">The edited styles, one [B, C] per style layer.</param>
    /// <param name="source">The source styles, likewise.</param>
    /// <exception cref="ArgumentException">There are none, or their number or shapes differ.</exception>
    public static Tensor StyleSpace(IReadOnlyList<Tensor> edited, IReadOnlyList<Tensor> source)
    {
        ArgumentNullException.ThrowIfNull(edited);
        ArgumentNullException.ThrowIfNull(source);
        if (edited.Count == 0 || edited.Count != source.Count)
            throw new ArgumentException($"There are {edited.Count} edited and {source.Count} source style vectors; the numbers must be equal and above 0.", nameof(edited));
        return stack([.. edited.Zip(source, (e, s) => MeanSquare(e, s, nameof(edited)))]).sum();
    }

    private static Tensor MeanSquare(Tensor edited, Tensor source, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        Shape.Require(edited, name, source.shape); // broadcasting would hide a mistake
        return (edited - source).square().mean();
    }
}
