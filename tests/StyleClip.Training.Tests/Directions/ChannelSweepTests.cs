using StyleClip.Contracts.Directions;
using StyleClip.Models.Packs;
using StyleClip.Reference.Packs;
using StyleClip.Training.Directions;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Directions;

public sealed class ChannelSweepTests : IDisposable
{
    private static readonly StyleChannel[] Order = [new(0, 0), new(0, 3), new(2, 1), new(3, 5)];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly FrozenNetworks _networks = RandomPack.Tiny();
    private readonly ChannelStatistics _statistics;
    private readonly Tensor[] _styles;

    public ChannelSweepTests()
    {
        set_num_threads(1);
        using IDisposable frozen = no_grad();
        using Generator random = new(11, CPU);
        Tensor w = _networks.Generator.MapToW(randn([6, _networks.Generator.Spec.StyleDim], generator: random));
        Tensor[] all = _networks.Generator.Styles(_networks.Generator.Repeat(w));
        using ChannelMoments moments = new();
        moments.Add(all);
        _statistics = moments.ToStatistics();
        _styles = [.. all.Select(style => style.narrow(0, 0, 2))];
    }

    public void Dispose()
    {
        _statistics.Dispose();
        _networks.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(ChannelSweepMode.Independent)]
    [InlineData(ChannelSweepMode.Cumulative)]
    public void Shards_give_the_rows_of_the_whole(ChannelSweepMode mode)
    {
        Tensor[] whole = Features(mode, 0, 4);
        Tensor[] shards = [.. Features(mode, 0, 2), .. Features(mode, 2, 2)];
        for (int i = 0; i < whole.Length; i++) Golden.AssertClose(whole[i], shards[i], 1e-6);
    }

    [Fact]
    public void The_modes_agree_on_the_first_channel_and_differ_behind_it()
    {
        Tensor[] independent = Features(ChannelSweepMode.Independent, 0, 3), cumulative = Features(ChannelSweepMode.Cumulative, 0, 3);
        Golden.AssertClose(independent[0], cumulative[0], 1e-6);
        Assert.NotEqual(0, (independent[2] - cumulative[2]).abs().sum().ToDouble());
    }

    [Theory]
    [InlineData(ChannelSweepMode.Independent, 3)]
    [InlineData(ChannelSweepMode.Independent, 16)]
    [InlineData(ChannelSweepMode.Cumulative, 4)]
    public void Rows_from_a_shared_beginning_are_bit_for_bit_those_of_whole_syntheses(ChannelSweepMode mode, int imagesPerPass)
    {
        ChannelSweep sweep = Sweep(mode, imagesPerPass);
        StyleChannel[] order = [.. ChannelSweep.TableOrder(_networks.Generator.Spec)];
        foreach (DirectionRange range in DirectionRange.All(_networks.Generator.Spec, lastLayer: null, size: 5))
        {
            using DisposeScope scope = NewDisposeScope();
            if (range.FirstChannel > 5) continue; // one range of each layer that begins within it is enough
            List<Tensor> slow = [];
            foreach (ChannelResponse response in sweep.Run(_styles, order, range.FirstRow, range.Count))
            {
                using (response) slow.Add(response.ToTableRow());
            }

            Assert.Equal(stack(slow).data<float>().ToArray(), sweep.Rows(_styles, range, cancellationToken: TestContext.Current.CancellationToken).data<float>().ToArray());
        }
    }

    [Fact]
    public void Ranges_cover_a_table_in_its_order_and_stay_within_their_layer()
    {
        StyleChannel[] order = [.. ChannelSweep.TableOrder(_networks.Generator.Spec, lastLayer: 3)];
        var ranges = DirectionRange.All(_networks.Generator.Spec, lastLayer: 3, size: 7);
        Assert.Equal(order, ranges.SelectMany(range => Enumerable.Range(range.FirstChannel, range.Count).Select(channel => new StyleChannel(range.Layer, channel))));
        Assert.Equal(0, ranges[0].FirstRow);
        Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.Equal(pair.First.FirstRow + pair.First.Count, pair.Second.FirstRow));
    }

    [Fact]
    public void The_base_styles_stay_as_they_are()
    {
        double before = _styles[0].sum().ToDouble();
        Features(ChannelSweepMode.Cumulative, 0, 4);
        Assert.Equal(before, _styles[0].sum().ToDouble());
    }

    [Fact]
    public void Table_order_leaves_the_rgb_layers_out_and_ends_after_the_last_layer()
    {
        StyleChannel[] order = [.. ChannelSweep.TableOrder(_networks.Generator.Spec, lastLayer: 2)];
        Assert.Equal(_networks.Generator.Spec.StyleWidths[0] + _networks.Generator.Spec.StyleWidths[2], order.Length);
        Assert.DoesNotContain(order, channel => channel.Layer == 1);
    }

    [Fact]
    public void Pixels_are_clamped_and_cut_not_rounded()
    {
        Tensor image = tensor([-2f, -1f, 0f, 0.999f, 1f, 3f]).reshape(1, 3, 1, 2);
        Assert.Equal([0, 0, 127, 254, 255, 255], ImagePixels.Truncate(image).data<byte>().ToArray());
    }

    private Tensor[] Features(ChannelSweepMode mode, int start, int count)
    {
        ChannelSweep sweep = Sweep(mode, imagesPerPass: 3);
        List<Tensor> features = [];
        foreach (ChannelResponse response in sweep.Run(_styles, Order, start, count))
        {
            using (response) features.Add(response.Features.clone());
        }

        return [.. features];
    }

    // The images' own means stand for CLIP features: any function of the pixels shows which styles were rendered.
    private ChannelSweep Sweep(ChannelSweepMode mode, int imagesPerPass) => new(
        _networks.Generator,
        pixels => nn.functional.avg_pool2d(pixels.to(ScalarType.Float32), 4).flatten(1),
        _statistics,
        new ChannelSweepOptions { Mode = mode, ImagesPerPass = imagesPerPass });
}
