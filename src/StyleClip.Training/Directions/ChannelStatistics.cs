using System.Collections.Immutable;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

/// <summary>Mean and population standard deviation of every StyleSpace channel, one pair of vectors per style layer.</summary>
// C channels of a layer
public sealed class ChannelStatistics : IDisposable
{
    /// <summary>Takes ownership of the vectors.</summary>
    /// <param name="means">One float32 vector [C] per style layer, in StyleSpace order.</param>
    /// <param name="deviations">As <paramref name="means"/>; not negative.</param>
    /// <exception cref="ArgumentException">The two lists do not have the same layers and widths.</exception>
    public ChannelStatistics(IReadOnlyList<Tensor> means, IReadOnlyList<Tensor> deviations)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(deviations);
        if (means.Count != deviations.Count)
            throw new ArgumentException($"There are means of {means.Count} style layers but deviations of {deviations.Count}.");
        for (int layer = 0; layer < means.Count; layer++)
        {
            if (means[layer].dim() != 1 || !means[layer].shape.SequenceEqual(deviations[layer].shape))
                throw new ArgumentException($"Style layer {layer} needs one mean and one deviation per channel.");
        }

        Means = [.. means.Select(mean => mean.DetachFromDisposeScope())];
        Deviations = [.. deviations.Select(deviation => deviation.DetachFromDisposeScope())];
    }

    /// <summary>The mean of each channel, [C] per style layer.</summary>
    public ImmutableArray<Tensor> Means { get; }

    /// <summary>The population standard deviation of each channel, [C] per style layer.</summary>
    public ImmutableArray<Tensor> Deviations { get; }

    /// <summary>The number of channels of each style layer.</summary>
    public ImmutableArray<int> Widths => [.. Means.Select(mean => (int)mean.shape[0])];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in Means.Concat(Deviations)) tensor.Dispose();
    }
}
