using System.Collections.Immutable;
using StyleClip.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

/// <summary>
/// How each style channel moves an image in CLIP's space: one unit row per channel of the layers that are not ToRGB, in StyleSpace
/// order (StyleCLIP, section 6). A table may end after any layer; the layers it lacks do not take part in edits.
/// </summary>
// R rows, E CLIP features, C channels of a layer
public sealed class DirectionTable : IDisposable
{
    private readonly Tensor _rows;
    private readonly ImmutableArray<int> _widths;
    private readonly ImmutableArray<bool> _isToRgb;

    /// <summary>Takes ownership of the rows.</summary>
    /// <param name="rows">[R, E].</param>
    /// <param name="styleWidths">Channels of each style layer, ToRGB layers included.</param>
    /// <param name="styleIsToRgb">Which style layers are ToRGB.</param>
    /// <exception cref="ArgumentException">The number of rows is not that of the first so many layers.</exception>
    public DirectionTable(Tensor rows, ImmutableArray<int> styleWidths, ImmutableArray<bool> styleIsToRgb)
    {
        Shape.Require(rows, nameof(rows), -1, -1);
        if (styleWidths.Length != styleIsToRgb.Length)
            throw new ArgumentException($"There are {styleWidths.Length} style widths but {styleIsToRgb.Length} ToRGB marks.");
        long whole = 0;
        for (int layer = 0; layer < styleWidths.Length && whole < rows.shape[0]; layer++) whole += styleIsToRgb[layer] ? 0 : styleWidths[layer];
        if (whole != rows.shape[0])
            throw new ArgumentException($"A table of {rows.shape[0]} rows does not end with a style layer of this generator.", nameof(rows));
        _rows = rows.DetachFromDisposeScope();
        (_widths, _isToRgb) = (styleWidths, styleIsToRgb);
    }

    /// <summary>[R, E].</summary>
    public Tensor Rows => _rows.alias();

    /// <summary>The edit direction of a text direction; empty, never NaN, where no channel reaches the threshold.</summary>
    /// <param name="textDirection">[E], unit length: see <see cref="TextDirection"/>.</param>
    /// <param name="statistics">Deviations of the channels, which scale the offsets.</param>
    /// <param name="threshold">Least magnitude of a channel's relevance (beta in the paper), 0 or more.</param>
    /// <returns>A direction that the caller owns.</returns>
    public StyleDirection Find(Tensor textDirection, ChannelStatistics statistics, double threshold)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        Shape.Require(textDirection, nameof(textDirection), _rows.shape[1]);
        if (!statistics.Widths.SequenceEqual(_widths))
            throw new ArgumentException("The channel statistics are of another StyleSpace than the table.", nameof(statistics));
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor relevance = _rows.mv(textDirection); // [R]
        Tensor magnitude = relevance.abs();
        Tensor survives = magnitude.ge(threshold).logical_and(magnitude.gt(0));
        int survivors = (int)survives.sum().ToInt64();
        double largest = magnitude.max().ToDouble();
        Tensor scaled = survivors == 0 ? zeros_like(relevance) : relevance.mul(survives).div(largest);
        return new StyleDirection(Split(scaled, statistics), survivors, largest);
    }

    /// <summary>
    /// The threshold that the published program's interface takes when it is asked to choose: the largest of 0.29, 0.28, ... 0.10 that more
    /// than so many channels reach, else 0.10.
    /// </summary>
    /// <param name="textDirection">[E], unit length: see <see cref="TextDirection"/>.</param>
    /// <param name="channels">20 for faces, 100 elsewhere in the published program.</param>
    public double ChooseThreshold(Tensor textDirection, int channels)
    {
        Shape.Require(textDirection, nameof(textDirection), _rows.shape[1]);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor magnitude = _rows.mv(textDirection).abs(); // [R]
        for (int hundredths = 29; hundredths > 10; hundredths--)
        {
            if (magnitude.ge(hundredths / 100.0).sum().ToInt64() > channels) return hundredths / 100.0;
        }

        return 0.10;
    }

    private IEnumerable<Tensor> Split(Tensor scaled, ChannelStatistics statistics)
    {
        long row = 0;
        for (int layer = 0; layer < _widths.Length; layer++)
        {
            if (_isToRgb[layer] || row == scaled.shape[0])
            {
                yield return zeros_like(statistics.Deviations[layer]);
                continue;
            }

            yield return scaled.narrow(0, row, _widths[layer]).mul(statistics.Deviations[layer]);
            row += _widths[layer];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();
}
