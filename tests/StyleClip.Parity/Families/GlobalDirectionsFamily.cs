using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using StyleClip.Contracts.Directions;
using StyleClip.Models.Clip;
using StyleClip.Models.StyleGan2;
using StyleClip.Reference;
using StyleClip.Training.Directions;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Parity.Families;

/// <summary>global_directions: channel statistics, text directions, edit directions and the per-channel study.</summary>
public sealed partial class GlobalDirectionsFamily : IParityFamily
{
    private const int StatisticSamples = 40;
    private const int StudySamples = 8;
    private const double DirectionAllowance = 1e-5; // Text directions and edits without a recorded float64 error.
    private const double PixelShare = 1e-3; // An image that falls on the border between two bytes may go either way.

    public string Name => "global-directions";

    public bool Recognizes(ReferenceFile file) => file.IsSafetensors
        && file.Name.StartsWith("global_directions", StringComparison.Ordinal)
        && file.Has("pairs_target_neutral", "style_dims", "non_rgb_layers");

    public void Run(ReferenceFile file, FileReport report)
    {
        SafetensorsComparison comparison = new(file, report);
        Inputs inputs = new(file.Set.Prefix, "input/global");
        using IDisposable frozen = no_grad();
        int[] widths = file.Json<int[]>("style_dims"), kept = file.Json<int[]>("non_rgb_layers");
        Tensor[] styles = [.. widths.Select((width, i) => Formula.Tensor(inputs.Prefix, $"{inputs.Root}/s.{i}", [StatisticSamples, width], scale: Formula.UnitVariance, offset: 1))];
        using ChannelStatistics statistics = Statistics(styles);
        comparison.Compare("code_mean", cat([.. statistics.Means], 0));
        comparison.Compare("code_std", cat([.. statistics.Deviations], 0));

        using ClipModel clip = FormulaNetworks.Clip(file.Set.Prefix, ClipSpec.VitB32);
        ImmutableArray<bool> isToRgb = [.. Enumerable.Range(0, widths.Length).Select(layer => !kept.Contains(layer))];
        using DirectionTable table = new(UnitRows(inputs, kept.Sum(layer => widths[layer]), clip.Spec.EmbedDim), [.. widths], isToRgb);
        Dictionary<string, Tensor> directions = TextDirections(comparison, inputs, clip, file.Json<string[][]>("pairs_target_neutral"));
        Edits(comparison, directions, table, statistics, styles);
        if (file.Has("relevance_generator_size")) Study(comparison, file, inputs, clip);
        comparison.Finish();
    }

    private static ChannelStatistics Statistics(IReadOnlyList<Tensor> styles)
    {
        using ChannelMoments moments = new();
        moments.Add(styles);
        return moments.ToStatistics();
    }

    private static Tensor UnitRows(Inputs inputs, int rows, int width)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor table = inputs.Uniform("fs3", rows, width).to(ScalarType.Float64);
        return (table / table.norm(1, keepdim: true)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    private static Dictionary<string, Tensor> TextDirections(SafetensorsComparison comparison, Inputs inputs, ClipModel clip, string[][] pairs)
    {
        Tensor formula = inputs.Uniform("dt", clip.Spec.EmbedDim).to(ScalarType.Float64);
        Dictionary<string, Tensor> directions = new(StringComparer.Ordinal) { ["formula"] = (formula / formula.norm()).to(ScalarType.Float32) };
        ClipTokenizer tokenizer = ClipTokenizer.Shared;
        for (int i = 0; i < pairs.Length; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"clip{i}");
            directions[name] = TextDirection.Between(clip, tokenizer, target: pairs[i][0], neutral: pairs[i][1]);
        }

        foreach ((string name, Tensor direction) in directions) comparison.Compare("dt/" + name, direction, DirectionAllowance);
        return directions;
    }

    private static void Edits(
        SafetensorsComparison comparison, Dictionary<string, Tensor> directions, DirectionTable table, ChannelStatistics statistics, Tensor[] styles)
    {
        foreach (string name in comparison.Names.Where(name => Edit().IsMatch(name)).ToArray())
        {
            using DisposeScope scope = NewDisposeScope();
            Match match = Edit().Match(name);
            string group = name[..^"/num_channels".Length];
            using StyleDirection direction = table.Find(directions[match.Groups["direction"].Value], statistics, Number(match.Groups["beta"].Value));
            comparison.CompareExactly(name, tensor((long)direction.SurvivingChannels));
            comparison.Compare(group + "/boundary_concat", cat([.. direction.Offsets], 0), DirectionAllowance);
            foreach (string codes in comparison.Names.Where(codes => codes.StartsWith(group + "/codes_alpha", StringComparison.Ordinal)).ToArray())
                comparison.Compare(codes, Codes(direction, styles, codes, comparison.Recorded(codes).shape[0]), DirectionAllowance);
        }
    }

    // codes_alpha-3_2_5 lists the strengths, layers6_9 behind them the only layers that move.
    private static Tensor Codes(StyleDirection direction, Tensor[] styles, string name, long samples)
    {
        Match match = Strengths().Match(name);
        HashSet<int>? layers = match.Groups["layers"].Success
            ? [.. match.Groups["layers"].Value.Split('_').Select(layer => int.Parse(layer, CultureInfo.InvariantCulture))]
            : null;
        Tensor[] first = [.. styles.Select(style => style.narrow(0, 0, samples))];
        return stack([.. match.Groups["alphas"].Value.Split('_').Select(alpha => cat(direction.Apply(first, Number(alpha), layers), 1))], 1);
    }

    private static void Study(SafetensorsComparison comparison, ReferenceFile file, Inputs inputs, ClipModel clip)
    {
        int size = file.Number("relevance_generator_size");
        using Generator generator = FormulaNetworks.Generator(file.Set.Prefix, GeneratorSpec.ConfigF(size));
        Tensor wPlus = inputs.Latent($"w{size}", StudySamples, generator.Spec.StyleLayers, generator.Spec.StyleDim);
        Tensor[] styles = generator.Styles(wPlus);
        using ChannelStatistics statistics = Statistics(styles);
        comparison.Compare("relevance/code_mean_concat", cat([.. statistics.Means], 0), DirectionAllowance);
        comparison.Compare("relevance/code_std_concat", cat([.. statistics.Deviations], 0), DirectionAllowance);
        StyleChannel[] order = [.. file.Json<int[][]>("relevance_channels_layer_channel").Select(pair => new StyleChannel(pair[0], pair[1]))];
        Study(comparison, "relevance/fresh", ChannelSweepMode.Independent);
        Study(comparison, "relevance/cumulative", ChannelSweepMode.Cumulative);

        void Study(SafetensorsComparison results, string group, ChannelSweepMode mode)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor recorded = results.Recorded(group + "/images_u8"); // [channels, samples, 2, H, W, 3]
            ChannelSweep sweep = new(generator, WithoutFeatures, statistics, new ChannelSweepOptions { Mode = mode });
            List<Tensor> pixels = [];
            foreach (ChannelResponse response in sweep.Run([.. styles.Select(style => style.narrow(0, 0, recorded.shape[1]))], order, 0, order.Length))
            {
                using (response) pixels.Add(response.Pixels.permute(0, 1, 3, 4, 2).contiguous());
            }

            results.CompareWholeNumbers(group + "/images_u8", stack(pixels), PixelShare);

            // From the recorded images on: a single byte that fell to the other side would show in the features.
            Tensor features = ImageEncoders.Clip(clip)(recorded.flatten(0, 2).permute(0, 3, 1, 2)).reshape([.. recorded.shape[..3], -1]);
            results.Compare(group + "/image_features", features);
            results.Compare(group + "/fs3", stack([.. features.unbind(0).Select(ChannelResponse.ToTableRow)]));
        }

        static Tensor WithoutFeatures(Tensor pixels) => zeros(pixels.shape[0], 1);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<direction>[^/]+)/beta(?<beta>[0-9.]+)/num_channels$")]
    private static partial Regex Edit();

    [GeneratedRegex(@"codes_alpha(?<alphas>-?[0-9.]+(_-?[0-9.]+)*)(_layers(?<layers>\d+(_\d+)*))?$")]
    private static partial Regex Strengths();
}
