using StyleClip.Models.Clip;
using StyleClip.Models.Identity;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Reference;
using StyleClip.Reference.Packs;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Benchmarks.FullSize;

/// <summary>
/// The three networks of the published FFHQ mappers, in the layouts and precisions of the published files: weights by formula, so that
/// everything but the pictures is as with the real ones.
/// </summary>
internal sealed class FullSizeFiles(string folder)
{
    private const string Prefix = "A:"; // of the reference data

    public string Generator => Path.Combine(folder, "stylegan2-ffhq-config-f.pt");

    public string Clip => Path.Combine(folder, "ViT-B-32.pt");

    public string Identity => Path.Combine(folder, "model_ir_se50.pth");

    public void Write()
    {
        Directory.CreateDirectory(folder);
        using (Generator generator = new(GeneratorSpec.ConfigF(1024)))
        using (StateDict weights = Filled(generator, WeightFamily.StyleGan2))
        using (Tensor mean = Formula.Latent(Prefix, "input/latent_avg", generator.Spec.StyleDim))
            PublishedLayouts.WriteLegacy(Generator, weights, "g_ema", ("latent_avg", mean));

        using (ClipModel clip = new(ClipSpec.VitB32))
        using (StateDict weights = Filled(clip, WeightFamily.Clip))
        using (DisposeScope scope = NewDisposeScope())
        {
            PublishedLayouts.WriteScript(Clip,
            [
                .. weights.Select(pair => KeyValuePair.Create(pair.Key, IsHalf(pair.Key) ? pair.Value.to(ScalarType.Float16) : pair.Value)),
                KeyValuePair.Create("context_length", tensor(77L)), KeyValuePair.Create("input_resolution", tensor(224L)), KeyValuePair.Create("vocab_size", tensor(49408L)),
            ]);
        }

        using (IrSe identity = new(IrSeSpec.IrSe50))
        using (StateDict weights = Filled(identity, WeightFamily.IrSe50))
            PublishedLayouts.WriteLegacy(Identity, weights);
    }

    // OpenAI halves the weights of layers, not norms and tables: its file has 354 MB.
    private static bool IsHalf(string key) =>
        !key.Contains("ln_", StringComparison.Ordinal) && !key.Contains("embedding", StringComparison.Ordinal) && key != "logit_scale";

    private static StateDict Filled(nn.Module module, WeightFamily family)
    {
        FormulaWeights.Fill(module, Prefix, family);
        return StateDict.From(module);
    }
}
