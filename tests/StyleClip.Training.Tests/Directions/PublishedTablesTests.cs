using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Reference;
using StyleClip.Training.Directions;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Directions;

public sealed class PublishedTablesTests : IDisposable
{
    private static readonly GeneratorSpec Generator = new() { Size = 8, StyleDim = 4, MappingLayers = 1, Channels = GeneratorSpec.ConfigF(8).Channels.SetItem(4, 3).SetItem(8, 2) };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-table-").FullName;
    private readonly ChannelStatistics _statistics = new(
        [.. Generator.StyleWidths.Select((width, i) => Formula.Tensor("test:", $"mean.{i}", [width]))],
        [.. Generator.StyleWidths.Select((width, i) => Formula.Tensor("test:", $"deviation.{i}", [width]).abs())]);

    public void Dispose()
    {
        _statistics.Dispose();
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(8)] // all: 3 + 3 + 2
    [InlineData(6)] // a short one
    public void A_table_that_goes_out_comes_back_bit_for_bit(int rows)
    {
        byte[] before = Write(rows);
        (byte[] after, int count) = Read(features: 5);
        Assert.Equal(rows, count);
        Assert.Equal(before, after);
    }

    [Fact]
    public void The_statistics_are_two_lists_of_float_arrays_for_Python()
    {
        Write(8);
        using TorchFile file = TorchFileReader.Read(Path.Combine(_folder, PublishedTables.StatisticsFile));
        List<object?> lists = Assert.IsType<List<object?>>(file.Root);
        Assert.Equal(2, lists.Count);
        foreach (object? list in lists)
        {
            NumpyArray[] arrays = [.. Assert.IsType<List<object?>>(list).Cast<NumpyArray>()];
            Assert.All(arrays, array => Assert.Equal(ScalarType.Float32, array.Dtype));
            Assert.Equal(Generator.StyleWidths, arrays.Select(array => (int)array.Shape.Single()));
        }
    }

    [Fact]
    public void Tables_in_half_precision_are_read()
    {
        Write(8);
        using Tensor half = Formula.Tensor("test:", "rows", [8, 5]).to(ScalarType.Float16);
        NumpyFileWriter.Write(Path.Combine(_folder, PublishedTables.RowsFile), half);
        using DirectionTableFile file = DirectionTableFile.Read(Read(features: 5).Table, "the table");
        Assert.Equal(half.to(ScalarType.Float32).data<float>().ToArray(), file.Table.Rows.data<float>().ToArray());
    }

    [Fact]
    public void Files_that_do_not_fit_are_refused_with_the_sizes_that_would()
    {
        Write(8);
        Assert.Contains("[R, 7]", Assert.Throws<WeightsException>(() => Read(features: 7)).Message, StringComparison.Ordinal);
        NumpyFileWriter.Write(Path.Combine(_folder, PublishedTables.RowsFile), zeros(7, 5));
        Assert.Contains("does not end with a style layer", Assert.Throws<WeightsException>(() => Read(features: 5)).Message, StringComparison.Ordinal);
        NumpyPickleWriter.Write(Path.Combine(_folder, PublishedTables.StatisticsFile), [zeros(3)], [zeros(3)]);
        Assert.Contains("3, 3, 3, 2, 2", Assert.Throws<WeightsException>(() => Read(features: 5)).Message, StringComparison.Ordinal);
    }

    private byte[] Write(int rows)
    {
        byte[] bytes = DirectionTableFile.ToBytes(Formula.Tensor("test:", "rows", [rows, 5]), _statistics, new Dictionary<string, string> { ["pack"] = "x" });
        using DirectionTableFile file = DirectionTableFile.Read(bytes, "the table");
        PublishedTables.Write(file, _folder);
        return bytes;
    }

    private (byte[] Table, int Rows) Read(int features) => PublishedTables.Read(
        Path.Combine(_folder, PublishedTables.RowsFile),
        Path.Combine(_folder, PublishedTables.StatisticsFile),
        Generator,
        features,
        new Dictionary<string, string> { ["pack"] = "x" });
}
