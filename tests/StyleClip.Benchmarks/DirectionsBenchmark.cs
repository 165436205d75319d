using System.Diagnostics;
using StyleClip.Contracts.Directions;
using StyleClip.Models.Packs;
using StyleClip.Models.StyleGan2;
using StyleClip.Reference.Packs;
using StyleClip.Training.Directions;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Benchmarks;

/// <summary>Processor time of an image of a channel study: by whole syntheses, and from what the channels of a layer share.</summary>
internal static class DirectionsBenchmark
{
    private const int Images = 8; // two pictures of each make one pass
    private const int Channels = 16;
    private const int Repeats = 3;

    public static void Run(BenchmarkSettings settings)
    {
        set_num_threads(settings.Threads);
        using IDisposable untracked = no_grad();
        using FrozenNetworks networks = settings.Pack is null ? RandomPack.DemoSized() : FrozenNetworks.Load(settings.Pack);
        using DisposeScope scope = NewDisposeScope();
        GeneratorSpec spec = networks.Generator.Spec;
        using torch.Generator random = new(1, CPU);
        Tensor[] styles = networks.Generator.Styles(networks.Generator.Repeat(networks.Generator.MapToW(randn([Images, spec.StyleDim], generator: random))));
        using ChannelMoments moments = new();
        moments.Add(styles);
        using ChannelStatistics statistics = moments.ToStatistics();
        ChannelSweep sweep = new(networks.Generator, ImageEncoders.Clip(networks.Clip), statistics, new ChannelSweepOptions { Mode = ChannelSweepMode.Independent });
        StyleChannel[] order = [.. ChannelSweep.TableOrder(spec)];
        DirectionRange[] ranges = [.. DirectionRange.All(spec, lastLayer: null, Channels).Where(range => range.FirstChannel == 0)];
        Console.WriteLine("style layer  CPU ms an image: whole  shared  (medians)");
        foreach (DirectionRange range in new[] { ranges[0], ranges[ranges.Length / 2], ranges[^1] })
        {
            List<double> whole = [], shared = [];
            for (int repeat = 0; repeat <= Repeats; repeat++) // the first warms up
            {
                whole.Add(Measure(() =>
                {
                    foreach (ChannelResponse response in sweep.Run(styles, order, range.FirstRow, range.Count)) response.Dispose();
                }));
                shared.Add(Measure(() => sweep.Rows(styles, range).Dispose()));
            }

            int images = 2 * Images * range.Count;
            Console.WriteLine(FormattableString.Invariant($"{range.Layer,11}  {Median(whole) / images,22:0.00}  {Median(shared) / images,6:0.00}"));
        }
    }

    private static double Measure(Action work)
    {
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        work();
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Skip(1).Order().ElementAt(Repeats / 2);
}
