using StyleClip.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

/// <summary>
/// Gathers channel statistics over batches of styles without keeping them. Means and squared deviations are merged in float64
/// (Chan, Golub and LeVeque), so that 100,000 samples lose no digits and the batch size changes nothing visible.
/// </summary>
// N samples, C channels of a layer
public sealed class ChannelMoments : IDisposable
{
    private readonly List<Tensor> _means = []; // [C] each, float64
    private readonly List<Tensor> _squares = []; // [C] each: sum of squared deviations from the mean

    /// <summary>The number of samples seen so far.</summary>
    public long Samples { get; private set; }

    /// <summary>Adds one batch.</summary>
    /// <param name="styles">[N, C] per style layer, the same N for all.</param>
    /// <exception cref="ArgumentException">The layers differ in number or width from the batches before.</exception>
    public void Add(IReadOnlyList<Tensor> styles)
    {
        ArgumentNullException.ThrowIfNull(styles);
        if (styles.Count == 0 || (_means.Count != 0 && _means.Count != styles.Count))
            throw new ArgumentException($"The batch has {styles.Count} style layers; there were {_means.Count} before.", nameof(styles));
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        long batch = styles[0].shape[0];
        bool first = _means.Count == 0;
        for (int layer = 0; layer < styles.Count; layer++)
        {
            Shape.Require(styles[layer], $"styles[{layer}]", batch, first ? -1 : _means[layer].shape[0]);
            Tensor values = styles[layer].to(ScalarType.Float64);
            Tensor mean = values.mean([0]);
            Tensor squares = (values - mean).square().sum([0]);
            if (first)
            {
                _means.Add(mean.DetachFromDisposeScope());
                _squares.Add(squares.DetachFromDisposeScope());
                continue;
            }

            double share = (double)batch / (Samples + batch);
            Tensor distance = mean - _means[layer];
            _squares[layer].add_(squares).add_(distance.square().mul_(Samples * share));
            _means[layer].add_(distance.mul_(share));
        }

        Samples += batch;
    }

    /// <summary>The statistics of all samples so far, in float32; the caller owns them.</summary>
    /// <exception cref="InvalidOperationException">There are no samples.</exception>
    public ChannelStatistics ToStatistics()
    {
        if (Samples == 0) throw new InvalidOperationException("Channel statistics need at least one sample.");
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        return new ChannelStatistics(
            [.. _means.Select(mean => mean.to(ScalarType.Float32))],
            [.. _squares.Select(squares => squares.div((double)Samples).sqrt().to(ScalarType.Float32))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _means.Concat(_squares)) tensor.Dispose();
    }
}
