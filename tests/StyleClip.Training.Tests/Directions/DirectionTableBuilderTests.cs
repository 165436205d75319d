using StyleClip.Contracts.Directions;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Reference.Packs;
using StyleClip.Training.Directions;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Directions;

public sealed class DirectionTableBuilderTests : IDisposable
{
    private static readonly DirectionTableSpec Spec = new() { Samples = 40, Images = 2, Seed = 3, ImagesPerPass = 4 };

    private readonly FrozenNetworks _networks = RandomPack.Tiny();

    public DirectionTableBuilderTests() => set_num_threads(1);

    [Fact]
    public void Ranges_of_any_size_measured_by_anybody_make_the_same_table()
    {
        byte[] whole = Build(Spec, rangeSize: 1_000), parts = Build(Spec, rangeSize: 5);
        Assert.Equal(whole, parts);
        using DirectionTableFile file = DirectionTableFile.Read(whole, "the table");
        Assert.Equal("tiny", file.Metadata["pack"]);
        Assert.Equal(ChannelSweep.TableOrder(_networks.Generator.Spec).Count(), file.Table.Rows.shape[0]);
        Assert.Equal(_networks.Generator.Spec.StyleWidths, file.Statistics.Widths);
    }

    [Fact]
    public void A_table_may_end_after_any_layer()
    {
        byte[] table = Build(Spec with { LastLayer = 2 }, rangeSize: 1_000);
        using DirectionTableFile file = DirectionTableFile.Read(table, "the table");
        Assert.Equal(_networks.Generator.Spec.StyleWidths[0] + _networks.Generator.Spec.StyleWidths[2], file.Table.Rows.shape[0]);
    }

    [Fact]
    public void Work_ends_when_it_is_told_to()
    {
        using CancellationTokenSource ended = new();
        ended.Cancel();
        using DirectionTableBuilder builder = new(_networks, Spec);
        Assert.Throws<OperationCanceledException>(() => builder.MeasureStatistics(cancellationToken: ended.Token));
        byte[] statistics = builder.MeasureStatistics(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Throws<OperationCanceledException>(() => builder.MeasureRange(statistics, builder.Ranges(4)[0], cancellationToken: ended.Token));
    }

    [Fact]
    public void A_missing_range_is_found_out()
    {
        using DirectionTableBuilder builder = new(_networks, Spec);
        byte[] statistics = builder.MeasureStatistics(cancellationToken: TestContext.Current.CancellationToken);
        DirectionRange[] ranges = [.. builder.Ranges(5)];
        WeightsException error = Assert.Throws<WeightsException>(
            () => DirectionTableBuilder.Assemble(statistics, [builder.MeasureRange(statistics, ranges[0], cancellationToken: TestContext.Current.CancellationToken)], new Dictionary<string, string>()));
        Assert.Contains("does not end with a style layer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_file_is_refused_as_a_table()
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] other = SafetensorsWriter.ToBytes(new Dictionary<string, Tensor> { ["latents"] = zeros(1, 4) });
        WeightsException error = Assert.Throws<WeightsException>(() => DirectionTableFile.Read(other, "the file"));
        Assert.Contains("styleclip-directions-1", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _networks.Dispose();

    private byte[] Build(DirectionTableSpec spec, int rangeSize)
    {
        using DirectionTableBuilder builder = new(_networks, spec);
        byte[] statistics = builder.MeasureStatistics(cancellationToken: TestContext.Current.CancellationToken);
        byte[][] ranges = new byte[builder.Ranges(rangeSize).Length][];
        for (int i = ranges.Length - 1; i >= 0; i--) ranges[i] = builder.MeasureRange(statistics, builder.Ranges(rangeSize)[i], cancellationToken: TestContext.Current.CancellationToken);
        return DirectionTableBuilder.Assemble(statistics, ranges, new Dictionary<string, string> { ["pack"] = "tiny" });
    }
}
