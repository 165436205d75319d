using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Reference;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Parity.Families;

/// <summary>stylegan2_TAG_rosinality.pt: a generator as the PyTorch port of StyleGAN2 publishes it, with its mean latent.</summary>
public sealed class GeneratorCheckpointFamily : IParityFamily
{
    public string Name => "stylegan2-checkpoints";

    public bool Recognizes(ReferenceFile file) =>
        file.Name.StartsWith("stylegan2_", StringComparison.Ordinal) && file.Name.EndsWith(".pt", StringComparison.Ordinal);

    public void Run(ReferenceFile file, FileReport report)
    {
        Inputs inputs = new(file.Set.Prefix, "input/" + CoachFamily.TagOf(file.Stem));
        using TorchFile archive = TorchFileReader.Read(file.FullPath);
        using StateDict weights = archive.StateDict("g_ema");
        FormulaCheck.Compare(report, weights, file.Set.Prefix, WeightFamily.StyleGan2, "g_ema.");
        using Tensor mean = archive.ReadTensor("latent_avg");
        FormulaCheck.Compare(report, "latent_avg", mean, file.Set.Prefix, inputs.Root + "/latent_avg", FillRule.Linear(Formula.UnitVariance));

        using Generator generator = new(GeneratorSpec.Infer(weights));
        weights.LoadInto(generator, "the generator");
        generator.Freeze();
        string numbersName = $"mapper_{CoachFamily.TagOf(file.Stem)}_coach.safetensors";
        if (file.Set.Find(numbersName) is null)
        {
            report.Listed(numbersName, "is missing: the generator loads but its images are not compared");
            return;
        }

        using IDisposable frozen = no_grad();
        using ReferenceFile numbers = new(file.Set, numbersName);
        new SafetensorsComparison(numbers, report).Compare("image", generator.Synthesize(numbers.Tensors["wplus"]));
    }
}
