using System.Globalization;
using System.Text.RegularExpressions;
using StyleClip.Models.StyleGan2;
using StyleClip.Reference;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Parity.Families;

/// <summary>stylegan2_TAG: images, layer outputs, gradients, mapping network, truncation and mixing of one generator.</summary>
public sealed partial class StyleGan2Family : IParityFamily
{
    private const double DeltaScale = 0.5;
    private const int MeanSamples = 32;

    // One value near 0 that falls to the other side of a leaky ReLU at a low resolution changes a gradient by about 1e-3.
    private const double GradientAllowance = 2e-3;

    public string Name => "stylegan2";

    public bool Recognizes(ReferenceFile file) => file.IsSafetensors
        && file.Name.StartsWith("stylegan2_", StringComparison.Ordinal)
        && file.Has("size", "channel_multiplier", "n_latent", "batch");

    public void Run(ReferenceFile file, FileReport report)
    {
        SafetensorsComparison comparison = new(file, report);
        Inputs inputs = new(file.Set.Prefix, "input/" + file.Stem["stylegan2_".Length..]);
        GeneratorSpec spec = GeneratorSpec.ConfigF(file.Number("size"), file.Number("channel_multiplier"));
        report.Matched("n_latent", spec.StyleLayers == file.Number("n_latent"), $"{spec.StyleLayers} style layers");
        report.Matched("style_dims", spec.StyleWidths.SequenceEqual(file.Json<int[]>("style_dims")), $"{spec.StyleWidths.Sum()} style channels");

        using Generator generator = FormulaNetworks.Generator(file.Set.Prefix, spec);

        Synthesis(comparison, inputs, generator, file.Number("batch"));
        using IDisposable frozen = no_grad();
        Styles(comparison, inputs, generator);
        Mapping(comparison, inputs, generator);
        comparison.Finish();
    }

    private static void Synthesis(SafetensorsComparison comparison, Inputs inputs, Generator generator, int batch)
    {
        using DisposeScope scope = NewDisposeScope();
        GeneratorSpec spec = generator.Spec;
        Tensor wPlus = inputs.Latent("wplus", batch, spec.StyleLayers, spec.StyleDim);
        comparison.Compare("wplus", wPlus);
        wPlus.requires_grad = true;
        Tensor image = generator.SynthesizeFromStyles(generator.Styles(wPlus), (layer, output) => Activation(comparison, layer, output));
        comparison.CompareImage("image", image);
        comparison.Compare("image_mean_std", Reductions.MeanStd(image));

        Tensor weights = inputs.Image("gradT", batch, spec.Size, spec.Size);
        Tensor loss = (image * weights).mean(); // Nearly cancels: the value is compared with the sum taken in float64.
        comparison.Compare("loss", (image.detach().to(ScalarType.Float64) * weights).mean());
        loss.backward();
        comparison.Compare("dloss_dwplus", wPlus.grad!, least: GradientAllowance);
    }

    private static void Activation(SafetensorsComparison comparison, string layer, Tensor output)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        if (comparison.Has("act_stats/" + layer)) comparison.Compare("act_stats/" + layer, Reductions.MeanStdMax(output));
        if (comparison.Has("act/" + layer)) comparison.Compare("act/" + layer, output.narrow(0, 0, 1));
        string corner = "act_corner8x16x16/" + layer;
        if (comparison.Has(corner)) comparison.Compare(corner, Reductions.Corner8(output, 16));
    }

    private static void Styles(SafetensorsComparison comparison, Inputs inputs, Generator generator)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] styles = generator.Styles(comparison.Recorded("wplus"));
        comparison.Compare("styles", Reductions.Concatenate(styles));
        for (int i = 0; i < styles.Length; i++)
        {
            long[] shape = [styles[i].shape[0], 1, styles[i].shape[1], 1, 1];
            Tensor delta = Formula.Tensor(inputs.Prefix, $"{inputs.Root}/dstyle.{i}", shape, scale: DeltaScale);
            styles[i] = styles[i] + delta.reshape(styles[i].shape);
        }

        comparison.CompareImage("image_from_styles", generator.SynthesizeFromStyles(styles));
    }

    private static void Mapping(SafetensorsComparison comparison, Inputs inputs, Generator generator)
    {
        using DisposeScope scope = NewDisposeScope();
        int width = generator.Spec.StyleDim;
        Tensor z = inputs.Latent("z", comparison.Recorded("z").shape[0], width);
        comparison.Compare("z", z);
        Tensor w = generator.MapToW(z);
        comparison.Compare("mapping_w", w);
        Tensor mean = generator.MapToW(inputs.Latent("zmean", MeanSamples, width)).mean([0], keepdim: true);
        comparison.Compare("mean_w", mean);

        foreach (string name in comparison.Names.Where(name => name.EndsWith("_latent", StringComparison.Ordinal)).ToArray())
        {
            Match setting = DerivedLatent().Match(name);
            if (!setting.Success) continue;
            double number = double.Parse(setting.Groups["number"].Value, CultureInfo.InvariantCulture);
            Tensor latent = setting.Groups["kind"].Value == "trunc"
                ? generator.Repeat(generator.Truncate(w.narrow(0, 0, 1), mean, number))
                : generator.Mix(w.narrow(0, 0, 1), w.narrow(0, 1, 1), (int)number);
            comparison.Compare(name, latent);
            comparison.CompareImage(name.Replace("_latent", "_image", StringComparison.Ordinal), generator.Synthesize(latent));
        }
    }

    [GeneratedRegex(@"^(?<kind>trunc|mix)(?<number>[0-9.]+)_latent$")]
    private static partial Regex DerivedLatent();
}
