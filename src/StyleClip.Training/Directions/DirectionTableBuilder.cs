using System.Collections.Immutable;
using StyleClip.Contracts.Directions;
using StyleClip.Models.Clip;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Training.Devices;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

// N base images, R rows, C channels of a layer, E CLIP features

/// <summary>
/// Measures a direction table part by part, on the calling thread. A part's bytes depend on the spec, the networks and the device kind
/// alone, so that any process may measure any part, in any order, and the parts make the same table.
/// </summary>
public sealed class DirectionTableBuilder : IDisposable
{
    private const int SamplesPerPass = 1_000; // as published; the last bits of the statistics may depend on it
    private const string RowsKey = "rows";

    private readonly FrozenNetworks _networks;
    private readonly DirectionTableSpec _spec;
    private readonly DevicePreprocess? _preparation;
    private readonly ImageEncoder _encoder;
    private (byte[] Bytes, ChannelStatistics Statistics, Tensor[] BaseStyles)? _study;

    /// <summary>Uses the networks without owning them.</summary>
    /// <param name="networks">The pack's networks.</param>
    /// <param name="spec">How the table is measured.</param>
    public DirectionTableBuilder(FrozenNetworks networks, DirectionTableSpec spec)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(spec);
        (_networks, _spec) = (networks, spec);
        _preparation = spec.Preparation == ClipPreparation.OnDevice ? new DevicePreprocess(networks.Clip.Spec.ImageSize) : null;
        _encoder = _preparation is { } preparation ? ImageEncoders.Clip(networks.Clip, preparation) : ImageEncoders.Clip(networks.Clip);
    }

    /// <summary>The ranges of the table.</summary>
    /// <param name="size">Most channels of a range.</param>
    public ImmutableArray<DirectionRange> Ranges(int size) => DirectionRange.All(_networks.Generator.Spec, _spec.LastLayer, size);

    /// <summary>Means and deviations of every channel.</summary>
    /// <param name="progress">Told the samples drawn so far.</param>
    /// <param name="cancellationToken">Ends the work between two passes.</param>
    /// <returns>Safetensors with <c>means.i</c> and <c>deviations.i</c>, [C] of style layer i.</returns>
    public byte[] MeasureStatistics(Action<int>? progress = null, CancellationToken cancellationToken = default)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using ChannelMoments moments = new();
        NativeMemory memory = new();
        for (int first = 0; first < _spec.Samples; first += SamplesPerPass)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope pass = NewDisposeScope();
            int count = Math.Min(SamplesPerPass, _spec.Samples - first);
            moments.Add(DirectionSamples.Styles(_networks, _spec, first, count));
            memory.AfterStep();
            progress?.Invoke(first + count);
        }

        using ChannelStatistics statistics = moments.ToStatistics();
        return SafetensorsWriter.ToBytes(DirectionTableFile.Tensors(statistics));
    }

    /// <summary>The table rows of a range of channels.</summary>
    /// <param name="statistics">What <see cref="MeasureStatistics"/> returned.</param>
    /// <param name="range">One of <see cref="Ranges"/>.</param>
    /// <param name="progress">Told the images measured so far, of 2 N for each channel.</param>
    /// <param name="cancellationToken">Ends the work between two passes through the networks.</param>
    /// <returns>Safetensors with <c>rows</c>, [channels, E].</returns>
    public byte[] MeasureRange(byte[] statistics, DirectionRange range, Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        (_, ChannelStatistics moments, Tensor[] baseStyles) = Study(statistics);
        ChannelSweep sweep = new(_networks.Generator, _encoder, moments, new ChannelSweepOptions
        {
            Strength = _spec.StrengthSigma,
            Mode = _spec.Mode,
            ImagesPerPass = _spec.ImagesPerPass,
        });
        Tensor rows = sweep.Rows(baseStyles, range, progress, cancellationToken);
        return SafetensorsWriter.ToBytes(new Dictionary<string, Tensor> { [RowsKey] = rows });
    }

    /// <summary>Puts the parts together.</summary>
    /// <param name="statistics">What <see cref="MeasureStatistics"/> returned.</param>
    /// <param name="ranges">What <see cref="MeasureRange"/> returned for every range, in order.</param>
    /// <param name="metadata">What the file shall say of itself beside its format.</param>
    /// <returns>A file that <see cref="DirectionTableFile.Read"/> reads.</returns>
    /// <exception cref="WeightsException">A part is damaged, or the parts are not those of one table.</exception>
    public static byte[] Assemble(byte[] statistics, IReadOnlyList<byte[]> ranges, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        using DisposeScope scope = NewDisposeScope();
        using ChannelStatistics moments = DirectionTableFile.ReadStatistics(statistics, "the channel statistics");
        List<Tensor> rows = [];
        for (int i = 0; i < ranges.Count; i++)
        {
            using MemoryStream stream = new(ranges[i], writable: false);
            using StateDict part = SafetensorsReader.Read(stream, $"range {i} of the direction table");
            rows.Add(part[RowsKey].clone());
        }

        return DirectionTableFile.ToBytes(cat(rows, 0), moments, metadata);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        _preparation?.Dispose();
    }

    // All ranges of a table share the statistics and the base images' styles.
    private (byte[] Bytes, ChannelStatistics Statistics, Tensor[] BaseStyles) Study(byte[] statistics)
    {
        if (_study is { } known && known.Bytes.AsSpan().SequenceEqual(statistics)) return known;
        Forget();
        using DisposeScope scope = NewDisposeScope();
        ChannelStatistics moments = DirectionTableFile.ReadStatistics(statistics, "the channel statistics", _networks.MeanW.device);
        Tensor[] styles = [.. DirectionSamples.Styles(_networks, _spec, 0, _spec.Images).Select(style => style.DetachFromDisposeScope())];
        return (_study = (statistics, moments, styles)).Value;
    }

    private void Forget()
    {
        if (_study is not { } known) return;
        known.Statistics.Dispose();
        foreach (Tensor style in known.BaseStyles) style.Dispose();
        _study = null;
    }
}
