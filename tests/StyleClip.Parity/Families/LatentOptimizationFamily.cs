using System.Globalization;
using System.Text.Json;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Clip;
using StyleClip.Models.Identity;
using StyleClip.Models.Losses;
using StyleClip.Models.StyleGan2;
using StyleClip.Training.LatentOptimization;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Parity.Families;

/// <summary>latent_optimisation_SIZE: the optimisation of one latent, in W+ and in StyleSpace.</summary>
public sealed class LatentOptimizationFamily : IParityFamily
{
    // float32 figures only. Adam divides each gradient by its own size, so the first update moves every entry by the same distance and
    // an entry whose gradient is near 0 may go the other way: some of thousands do, which moves what follows a little.
    private const double LossAllowance = 1e-3;
    private const double ImageAllowance = 5e-3;
    private const double LatentAllowance = 1e-3;
    private const double FreeShare = 2e-3;
    private const double UntouchedAllowance = 1e-5; // Before any update.

    public string Name => "latent-optimisation";

    public bool Recognizes(ReferenceFile file) => file.IsSafetensors
        && file.Name.StartsWith("latent_optimisation_", StringComparison.Ordinal)
        && file.Has("size", "steps", "description", "config_stylespace_id_l2_lr");

    public void Run(ReferenceFile file, FileReport report)
    {
        SafetensorsComparison comparison = new(file, report);
        GeneratorSpec spec = GeneratorSpec.ConfigF(file.Number("size"));
        using Generator generator = FormulaNetworks.Generator(file.Set.Prefix, spec);
        using ClipModel clip = FormulaNetworks.Clip(file.Set.Prefix, ClipSpec.VitB32);
        using IrSe network = FormulaNetworks.IrSe50(file.Set.Prefix);
        ClipLoss clipLoss = new(clip, ClipInput.Raw, new AreaResize());
        IdentityLoss identityLoss = new(network, FaceCrop.Published);
        Tensor text = clipLoss.EmbedText(tensor(ClipTokenizer.Shared.Tokenize(file.Setting("description"))).unsqueeze(0));
        Tensor wPlus = new Inputs(file.Set.Prefix, "input/optimise").Latent("wplus", 1, spec.StyleLayers, spec.StyleDim);

        foreach ((string group, JsonElement[] setting) in file.Json<Dictionary<string, JsonElement[]>>("config_stylespace_id_l2_lr"))
        {
            using DisposeScope scope = NewDisposeScope();
            LatentOptimizationOptions options = new()
            {
                Steps = file.Number("steps"),
                LambdaId = setting[1].GetDouble(),
                LambdaL2 = setting[2].GetDouble(),
                LearningRate = setting[3].GetDouble(),
            };
            using LatentOptimizer optimizer = setting[0].GetBoolean()
                ? LatentOptimizer.InStyleSpace(generator, clipLoss, identityLoss, text, wPlus, options)
                : LatentOptimizer.InWPlus(generator, clipLoss, identityLoss, text, wPlus, options);
            Optimize(comparison, group, optimizer, options.Steps);
        }

        comparison.Finish();
    }

    private static void Optimize(SafetensorsComparison comparison, string group, LatentOptimizer optimizer, int steps)
    {
        comparison.Compare(group + "/image_original", optimizer.StartImage, UntouchedAllowance);
        List<double> clip = [], identity = [];
        for (int step = 1; step <= steps; step++)
        {
            LatentOptimizationReport report = optimizer.Step(out Tensor image);
            clip.Add(report.Clip);
            if (report.Identity is { } distance) identity.Add(distance);
            Tensor latent = cat([.. optimizer.Latents.Select(part => part.detach().flatten())], 0);
            string recorded = string.Create(CultureInfo.InvariantCulture, $"{group}/latent_after_step{step}");
            if (comparison.Has(recorded))
            {
                if (step == 1) comparison.Compare(recorded, latent, UntouchedAllowance);
                else comparison.CompareMost(recorded, latent, FreeShare, LatentAllowance);
            }

            if (step < steps) continue;
            comparison.CompareMost(group + "/latent_after_last_step", latent, FreeShare, LatentAllowance);
            comparison.Compare(group + "/image_at_last_step", image, ImageAllowance);
        }

        comparison.Compare(group + "/clip_loss", tensor(clip, dtype: ScalarType.Float64), LossAllowance);
        if (identity.Count > 0) comparison.Compare(group + "/id_loss", tensor(identity, dtype: ScalarType.Float64), LossAllowance);
    }
}
