using StyleClip.Contracts.Directions;
using StyleClip.Models.StyleGan2;
using StyleClip.Training.Devices;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Training.Directions;

/// <summary>
/// Measures style channels one at a time: sets a channel to its mean minus and plus some deviations in every base sample, renders
/// 8-bit images and embeds them with CLIP (StyleCLIP, section 6).
/// </summary>
// N samples, C channels of a layer, E CLIP features, H W pixels
public sealed class ChannelSweep
{
    private readonly Generator _generator;
    private readonly ImageEncoder _encoder;
    private readonly ChannelStatistics _statistics;
    private readonly ChannelSweepOptions _options;

    /// <summary>Uses the generator, the encoder and the statistics without owning them.</summary>
    /// <exception cref="ArgumentException">The statistics are of another StyleSpace than the generator's.</exception>
    public ChannelSweep(Generator generator, ImageEncoder encoder, ChannelStatistics statistics, ChannelSweepOptions options)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(options);
        if (!statistics.Widths.SequenceEqual(generator.Spec.StyleWidths))
        {
            throw new ArgumentException(
                $"The statistics have {statistics.Widths.Sum()} channels in {statistics.Widths.Length} style layers; "
                + $"the generator has {generator.Spec.StyleWidths.Sum()} in {generator.Spec.StyleWidths.Length}.",
                nameof(statistics));
        }

        (_generator, _encoder, _statistics, _options) = (generator, encoder, statistics, options);
    }

    /// <summary>All channels of the layers that are not ToRGB, layer by layer: the row order of a direction table.</summary>
    /// <param name="spec">The generator's architecture.</param>
    /// <param name="lastLayer">Last style layer taken; the published tables end at 16 (128 pixels).</param>
    public static IEnumerable<StyleChannel> TableOrder(GeneratorSpec spec, int lastLayer = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(spec);
        for (int layer = 0; layer < spec.StyleWidths.Length && layer <= lastLayer; layer++)
        {
            if (spec.StyleIsToRgb[layer]) continue;
            for (int channel = 0; channel < spec.StyleWidths[layer]; channel++) yield return new StyleChannel(layer, channel);
        }
    }

    /// <summary>
    /// Studies <paramref name="count"/> channels of an order, beginning at <paramref name="start"/>. Shards of one order give the rows
    /// of the whole, in the cumulative mode too, because the channels before <paramref name="start"/> are taken into account.
    /// </summary>
    /// <param name="baseStyles">[N, C] per style layer; not changed.</param>
    /// <param name="order">The order in which the channels are visited.</param>
    /// <param name="start">Index of the first channel to study.</param>
    /// <param name="count">How many to study.</param>
    /// <returns>One response per channel, each owned by the caller.</returns>
    public IEnumerable<ChannelResponse> Run(
        IReadOnlyList<Tensor> baseStyles, IReadOnlyList<StyleChannel> order, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(baseStyles);
        ArgumentNullException.ThrowIfNull(order);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + count, order.Count, nameof(count));
        return RunChecked(baseStyles, order, start, count);
    }

    /// <summary>
    /// The table rows of a range of channels, in the table's order: those of <see cref="Run"/>, bit for bit, but what comes before the
    /// channels' layer is synthesised once per pass instead of once per channel, and no image is kept.
    /// </summary>
    /// <param name="baseStyles">[N, C] per style layer; not changed.</param>
    /// <param name="range">The channels.</param>
    /// <param name="progress">Told the images measured so far, of 2 N for each channel.</param>
    /// <param name="cancellationToken">Ends the work between two passes through the networks.</param>
    /// <returns>[channels, E]; the caller owns it.</returns>
    public Tensor Rows(
        IReadOnlyList<Tensor> baseStyles, DirectionRange range, Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(baseStyles);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor[] styles = [.. baseStyles.Select(style => style.detach().clone())];
        if (_options.Mode == ChannelSweepMode.Cumulative)
        {
            foreach (StyleChannel before in TableOrder(_generator.Spec).Take(range.FirstRow)) SetToMean(styles, before);
        }

        Tensor[] doubled = [.. styles.Select(style => style.repeat_interleave(2, dim: 0))]; // [2N, C]: see Study
        long images = doubled[0].shape[0], done = 0;
        var features = new List<Tensor>[range.Count];
        NativeMemory memory = new();
        for (long first = 0; first < images; first += _options.ImagesPerPass)
        {
            using DisposeScope pass = NewDisposeScope();
            long count = Math.Min(_options.ImagesPerPass, images - first);
            Tensor[] moved = [.. doubled.Select(style => style.narrow(0, first, count).clone())];
            using SynthesisPrefix prefix = _generator.SynthesizeUntil(moved, range.Layer);
            for (int i = 0; i < range.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using DisposeScope step = NewDisposeScope();
                Tensor column = moved[range.Layer].select(1, range.FirstChannel + i), before = column.clone();
                column.copy_(Values(range.Layer, range.FirstChannel + i, column.device, images).narrow(0, first, count));
                Tensor encoded = _encoder(ImagePixels.Truncate(_generator.SynthesizeFrom(prefix, moved)));
                (features[i] ??= []).Add(encoded.MoveToOtherDisposeScope(scope));
                if (_options.Mode == ChannelSweepMode.Cumulative) column.copy_(_statistics.Means[range.Layer][range.FirstChannel + i]);
                else column.copy_(before);
                memory.AfterStep();
                progress?.Invoke(done += count);
            }
        }

        Tensor[] rows = [.. features.Select(parts => ChannelResponse.ToTableRow(cat(parts, 0).reshape(images / 2, 2, -1)))];
        return stack(rows).MoveToOuterDisposeScope();
    }

    private IEnumerable<ChannelResponse> RunChecked(
        IReadOnlyList<Tensor> baseStyles, IReadOnlyList<StyleChannel> order, int start, int count)
    {
        Tensor[] styles = [.. baseStyles.Select(style => style.detach().clone().DetachFromDisposeScope())];
        try
        {
            bool cumulative = _options.Mode == ChannelSweepMode.Cumulative;
            for (int i = 0; cumulative && i < start; i++) SetToMean(styles, order[i]);
            for (int i = start; i < start + count; i++)
            {
                yield return Study(styles, order[i]);
                if (cumulative) SetToMean(styles, order[i]);
            }
        }
        finally
        {
            foreach (Tensor style in styles) style.Dispose();
        }
    }

    private ChannelResponse Study(Tensor[] styles, StyleChannel channel)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        // Row 2n is sample n below the mean, row 2n + 1 the same sample above it.
        Tensor[] moved = [.. styles.Select(style => style.repeat_interleave(2, dim: 0))]; // [2N, C]
        long samples = styles[0].shape[0];
        moved[channel.Layer].select(1, channel.Channel).copy_(Values(channel.Layer, channel.Channel, moved[channel.Layer].device, 2 * samples));

        List<Tensor> pixels = [], features = [];
        for (long row = 0; row < 2 * samples; row += _options.ImagesPerPass)
        {
            long rows = Math.Min(_options.ImagesPerPass, (2 * samples) - row);
            Tensor images = _generator.SynthesizeFromStyles([.. moved.Select(style => style.narrow(0, row, rows))]);
            pixels.Add(ImagePixels.Truncate(images));
            features.Add(_encoder(pixels[^1]));
        }

        Tensor allPixels = cat(pixels, 0), allFeatures = cat(features, 0);
        return new ChannelResponse(
            channel,
            allPixels.reshape([samples, 2, .. allPixels.shape[1..]]),
            allFeatures.reshape(samples, 2, allFeatures.shape[1]));
    }

    // A channel's values below and above its mean in turn, [rows].
    private Tensor Values(int layer, int channel, Device device, long rows)
    {
        double mean = _statistics.Means[layer][channel].ToDouble();
        double reach = _options.Strength * _statistics.Deviations[layer][channel].ToDouble();
        return tensor([(float)(mean - reach), (float)(mean + reach)], device: device).repeat(rows / 2);
    }

    private void SetToMean(Tensor[] styles, StyleChannel channel)
    {
        using Tensor column = styles[channel.Layer].select(1, channel.Channel);
        using Tensor mean = _statistics.Means[channel.Layer][channel.Channel];
        column.copy_(mean);
    }
}
