using System.Collections.Immutable;
using System.Globalization;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

// R rows, E CLIP features, C channels of a layer

/// <summary>A direction table with the channel statistics that scale its edits: one safetensors file. Owns both.</summary>
public sealed class DirectionTableFile : IDisposable
{
    /// <summary>Metadata key that says what the file is.</summary>
    public const string FormatKey = "format";

    /// <summary>What a table says that it is.</summary>
    public const string Format = "styleclip-directions-1";

    private const string RowsKey = "rows";

    private DirectionTableFile(DirectionTable table, ChannelStatistics statistics, IReadOnlyDictionary<string, string> metadata) =>
        (Table, Statistics, Metadata) = (table, statistics, metadata);

    /// <summary>The table.</summary>
    public DirectionTable Table { get; }

    /// <summary>Means and deviations of every channel.</summary>
    public ChannelStatistics Statistics { get; }

    /// <summary>What the file says of itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Which of a StyleSpace's layers are ToRGB: conv1, to_rgb1, then conv, conv, to_rgb of each resolution.</summary>
    /// <param name="layers">Number of style layers.</param>
    public static ImmutableArray<bool> IsToRgb(int layers) => [.. Enumerable.Range(0, layers).Select(layer => layer % 3 == 1)];

    /// <summary>Reads a table.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">What it is, for messages.</param>
    /// <param name="device">Where the table shall be; the CPU by default.</param>
    /// <exception cref="WeightsException">The file is damaged or no direction table; the message says why.</exception>
    public static DirectionTableFile Read(byte[] file, string name, Device? device = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using StateDict tensors = Open(file, name);
        if (!tensors.Metadata.TryGetValue(FormatKey, out string? format) || format != Format)
            throw new WeightsException($"{name} says that its format is '{format}'; this build reads '{Format}'.");
        ChannelStatistics statistics = StatisticsOf(tensors, name, device);
        try
        {
            if (!tensors.TryGetValue(RowsKey, out Tensor? rows) || rows.dim() != 2 || rows.dtype != ScalarType.Float32)
                throw new WeightsException($"{name} must have {RowsKey}, float32 [R, E].");
            return new DirectionTableFile(
                new DirectionTable(rows.to(device ?? CPU, copy: true), statistics.Widths, IsToRgb(statistics.Widths.Length)), statistics, tensors.Metadata);
        }
        catch (ArgumentException error)
        {
            statistics.Dispose();
            throw new WeightsException($"{name}: {error.Message}", error);
        }
        catch
        {
            statistics.Dispose();
            throw;
        }
    }

    /// <summary>Writes a table.</summary>
    /// <param name="rows">[R, E], float32.</param>
    /// <param name="statistics">Means and deviations of every channel.</param>
    /// <param name="metadata">What the file shall say of itself beside its format.</param>
    /// <exception cref="WeightsException">The rows do not end with a style layer.</exception>
    public static byte[] ToBytes(Tensor rows, ChannelStatistics statistics, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(metadata);
        using DisposeScope scope = NewDisposeScope();
        try
        {
            using DirectionTable check = new(rows.alias(), statistics.Widths, IsToRgb(statistics.Widths.Length));
        }
        catch (ArgumentException error)
        {
            throw new WeightsException(error.Message, error);
        }

        Dictionary<string, Tensor> tensors = Tensors(statistics);
        tensors.Add(RowsKey, rows.to(ScalarType.Float32));
        return SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string>(metadata) { [FormatKey] = Format });
    }

    internal static Dictionary<string, Tensor> Tensors(ChannelStatistics statistics)
    {
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        for (int layer = 0; layer < statistics.Means.Length; layer++)
        {
            tensors.Add(Means(layer), statistics.Means[layer]);
            tensors.Add(Deviations(layer), statistics.Deviations[layer]);
        }

        return tensors;
    }

    internal static ChannelStatistics ReadStatistics(byte[] file, string name, Device? device = null)
    {
        using StateDict tensors = Open(file, name);
        return StatisticsOf(tensors, name, device);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Table.Dispose();
        Statistics.Dispose();
    }

    private static StateDict Open(byte[] file, string name)
    {
        using MemoryStream stream = new(file, writable: false);
        return SafetensorsReader.Read(stream, name);
    }

    private static ChannelStatistics StatisticsOf(StateDict tensors, string name, Device? device)
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> means = [], deviations = [];
        for (int layer = 0; tensors.TryGetValue(Means(layer), out Tensor? mean) && tensors.TryGetValue(Deviations(layer), out Tensor? deviation); layer++)
        {
            if (mean.dim() != 1 || !mean.shape.SequenceEqual(deviation.shape) || mean.dtype != ScalarType.Float32 || deviation.dtype != ScalarType.Float32)
                throw new WeightsException($"{name}: {Means(layer)} and {Deviations(layer)} must be float32 vectors of one length.");
            means.Add(mean.to(device ?? CPU, copy: true));
            deviations.Add(deviation.to(device ?? CPU, copy: true));
        }

        return means.Count > 0 ? new ChannelStatistics(means, deviations) : throw new WeightsException($"{name} has no {Means(0)} and {Deviations(0)}.");
    }

    private static string Means(int layer) => string.Create(CultureInfo.InvariantCulture, $"means.{layer}");

    private static string Deviations(int layer) => string.Create(CultureInfo.InvariantCulture, $"deviations.{layer}");
}
