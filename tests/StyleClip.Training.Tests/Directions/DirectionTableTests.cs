using StyleClip.Reference;
using StyleClip.Training.Directions;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Directions;

public sealed class DirectionTableTests : IDisposable
{
    // Three style layers of two channels; the middle one is ToRGB.
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly ChannelStatistics _statistics = new(
        [zeros(2), zeros(2), zeros(2)], [tensor([1f, 2f]), tensor([9f, 9f]), tensor([3f, 4f])]);

    public void Dispose()
    {
        _statistics.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Relevance_is_cut_at_the_threshold_divided_by_the_largest_and_scaled_by_the_deviation()
    {
        using DirectionTable table = Table(0.5f, -0.1f, -1f, 0.25f);
        using StyleDirection direction = table.Find(tensor([1f]), _statistics, threshold: 0.2);
        Assert.Equal(3, direction.SurvivingChannels);
        Assert.Equal([0.5f, 0f], direction.Offsets[0].data<float>().ToArray());
        Assert.Equal([0f, 0f], direction.Offsets[1].data<float>().ToArray());
        Assert.Equal([-3f, 1f], direction.Offsets[2].data<float>().ToArray());
    }

    [Fact]
    public void A_threshold_that_nothing_reaches_gives_an_empty_direction_and_says_what_would()
    {
        using DirectionTable table = Table(0.5f, -0.1f, -1f, 0.25f);
        using StyleDirection direction = table.Find(tensor([1f]), _statistics, threshold: 1.5);
        Assert.True(direction.IsEmpty);
        Assert.Equal(1, direction.LargestRelevance, 1e-6);
        Assert.All(direction.Offsets, offset => Assert.Equal(0, offset.abs().sum().ToDouble()));
    }

    [Fact]
    public void A_text_direction_that_no_row_shares_is_empty_at_threshold_zero()
    {
        using DirectionTable table = Table(0, 0, 0, 0);
        using StyleDirection direction = table.Find(tensor([1f]), _statistics, threshold: 0);
        Assert.True(direction.IsEmpty);
    }

    [Fact]
    public void Layers_that_a_short_table_lacks_stay_as_they_are()
    {
        using DirectionTable table = Table(1f, 0.5f);
        using StyleDirection direction = table.Find(tensor([1f]), _statistics, threshold: 0.1);
        Assert.Equal([1f, 1f], direction.Offsets[0].data<float>().ToArray());
        Assert.Equal([0f, 0f], direction.Offsets[2].data<float>().ToArray());
    }

    [Theory]
    [InlineData(1, 0.29)]
    [InlineData(2, 0.25)]
    [InlineData(3, 0.12)]
    [InlineData(4, 0.10)]
    public void A_chosen_threshold_is_the_largest_that_more_than_so_many_channels_reach(int channels, double expected)
    {
        using DirectionTable table = Table(0.5f, -0.125f, -1f, 0.255f);
        Assert.Equal(expected, table.ChooseThreshold(tensor([1f]), channels), 1e-9);
    }

    [Fact]
    public void A_table_that_ends_within_a_layer_is_refused() => Assert.Throws<ArgumentException>(() => Table(1f, 0.5f, 0.25f));

    [Fact]
    public void An_edit_moves_the_chosen_layers_only()
    {
        using DirectionTable table = Table(1f, 0f, 1f, 0f);
        using StyleDirection direction = table.Find(tensor([1f]), _statistics, threshold: 0.1);
        Tensor[] edited = direction.Apply([zeros(1, 2), zeros(1, 2), zeros(1, 2)], strength: -2, new HashSet<int> { 2 });
        Assert.Equal([0f, 0f], edited[0].data<float>().ToArray());
        Assert.Equal([-6f, 0f], edited[2].data<float>().ToArray());
    }

    [Fact]
    public void Recorded_statistics_and_directions_are_found_again()
    {
        set_num_threads(1);
        using GoldenData golden = new("global_directions");
        int[] widths = System.Text.Json.JsonSerializer.Deserialize<int[]>(golden.Metadata["style_dims"])!;
        using ChannelMoments moments = new();
        moments.Add([.. widths.Select((width, i) => Formula.Tensor("A:", $"input/global/s.{i}", [40, width], scale: Math.Sqrt(3), offset: 1))]);
        using ChannelStatistics statistics = moments.ToStatistics();
        golden.Check("code_mean", cat([.. statistics.Means], 0));
        golden.Check("code_std", cat([.. statistics.Deviations], 0));

        Tensor rows = Formula.Tensor("A:", "input/global/fs3", [6048, 512]).to(ScalarType.Float64);
        using DirectionTable table = new(
            (rows / rows.norm(1, keepdim: true)).to(ScalarType.Float32), [.. widths], [.. widths.Select((_, layer) => layer % 3 == 1)]);
        using StyleDirection direction = table.Find(golden["dt/formula"], statistics, threshold: 0.1);
        Assert.Equal(golden["formula/beta0.1/num_channels"].ToInt64(), direction.SurvivingChannels);
        golden.Check("formula/beta0.1/boundary_concat", cat([.. direction.Offsets], 0));
    }

    private static DirectionTable Table(params float[] rows) => new(tensor(rows).reshape(-1, 1), [2, 2, 2], [false, true, false]);
}
