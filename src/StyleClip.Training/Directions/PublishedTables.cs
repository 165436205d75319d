using System.Collections.Immutable;
using StyleClip.Models;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Directions;

// R rows, E CLIP features, C channels of a layer

/// <summary>
/// Direction tables in the files of the original program: <c>fs3.npy</c> with the rows, and <c>S_mean_std</c>, a pickle of two lists, the
/// means and the deviations of every style layer.
/// </summary>
public static class PublishedTables
{
    /// <summary>Name of the file of rows.</summary>
    public const string RowsFile = "fs3.npy";

    /// <summary>Name of the file of means and deviations.</summary>
    public const string StatisticsFile = "S_mean_std";

    /// <summary>Writes both files into a folder; each appears under its name only when complete.</summary>
    /// <param name="table">The table.</param>
    /// <param name="folder">The folder; made where there is none.</param>
    public static void Write(DirectionTableFile table, string folder)
    {
        ArgumentNullException.ThrowIfNull(table);
        Directory.CreateDirectory(folder);
        using Tensor rows = table.Table.Rows;
        NumpyFileWriter.Write(Path.Combine(folder, RowsFile), rows);
        NumpyPickleWriter.Write(Path.Combine(folder, StatisticsFile), table.Statistics.Means, table.Statistics.Deviations);
    }

    /// <summary>Reads both files. Nothing in them is executed: the pickle is read by an interpreter that knows arrays and lists only.</summary>
    /// <param name="rowsPath">The rows: <c>.npy</c>, or any layout with one array.</param>
    /// <param name="statisticsPath">The means and deviations.</param>
    /// <param name="generator">The generator that the table is for.</param>
    /// <param name="features">Width of the rows: the CLIP model's joint embedding.</param>
    /// <param name="metadata">What the table shall say of itself.</param>
    /// <returns>The bytes of a table that <see cref="DirectionTableFile.Read"/> reads, and its number of rows.</returns>
    /// <exception cref="WeightsException">A file is damaged or does not fit; the message says how.</exception>
    public static (byte[] Table, int Rows) Read(
        string rowsPath, string statisticsPath, GeneratorSpec generator, int features, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(generator);
        using DisposeScope scope = NewDisposeScope();
        using WeightFile rowsFile = WeightFile.Open(rowsPath), statisticsFile = WeightFile.Open(statisticsPath);
        Tensor rows = ToTensor(rowsFile.Root) ?? throw new WeightsException($"{rowsPath} holds {rowsFile.Describe()}; the rows of a direction table are one array [R, {features}].");
        if (rows.dim() != 2 || rows.shape[1] != features || !rows.is_floating_point())
            throw new WeightsException($"{rowsPath} is {rows.dtype} {Shape.Format(rows.shape)}; the rows of a direction table for this CLIP model are floating point, [R, {features}].");
        using ChannelStatistics statistics = Statistics(statisticsPath, statisticsFile, generator.StyleWidths);
        rows = Finite(rowsPath, rows.to(ScalarType.Float32)); // published tables may be in half precision
        try
        {
            return (DirectionTableFile.ToBytes(rows, statistics, metadata), (int)rows.shape[0]);
        }
        catch (WeightsException error)
        {
            throw new WeightsException($"{rowsPath}: {error.Message}", error);
        }
    }

    private static ChannelStatistics Statistics(string path, WeightFile file, ImmutableArray<int> widths)
    {
        if (Items(file.Root) is not [var means, var deviations])
            throw new WeightsException($"{path} holds {file.Describe()}; channel statistics are a list of two lists, means and deviations.");
        return new ChannelStatistics(Vectors(path, "means", means, widths), Vectors(path, "deviations", deviations, widths));
    }

    private static Tensor[] Vectors(string path, string what, object? list, ImmutableArray<int> widths)
    {
        Tensor?[] vectors = [.. (Items(list) ?? []).Select(item => ToTensor(item)?.to(ScalarType.Float32).flatten())];
        if (!vectors.Select(vector => vector?.shape[0]).SequenceEqual(widths.Select(width => (long?)width)))
        {
            throw new WeightsException(
                $"{path}: the {what} are {vectors.Length} vectors of {string.Join(", ", vectors.Select(vector => vector?.shape[0].ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"))}; "
                + $"the generator's style layers have {string.Join(", ", widths)} channels.");
        }

        return [.. vectors.Select(vector => Finite(path, vector!))];
    }

    private static Tensor Finite(string path, Tensor values) =>
        values.isfinite().all().ToBoolean() ? values : throw new WeightsException($"{path} has numbers that are not finite.");

    private static object?[]? Items(object? value) => value switch
    {
        List<object?> list => [.. list],
        object?[] tuple => tuple,
        _ => null,
    };

    private static Tensor? ToTensor(object? value) => value switch
    {
        Tensor tensor => tensor.alias(),
        TorchTensor tensor => tensor.ToTensor(),
        NumpyArray array => array.ToTensor(),
        _ => null,
    };
}
