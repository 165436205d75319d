using StyleClip.Models.Weights;
using StyleClip.Reference;
using static TorchSharp.torch;

namespace StyleClip.Parity.Families;

/// <summary>latents_NAME.pt: a file that holds one tensor of latents and nothing else.</summary>
public sealed class LatentsFileFamily : IParityFamily
{
    private const string Start = "latents_";

    public string Name => "latents";

    public bool Recognizes(ReferenceFile file) =>
        file.Name.StartsWith(Start, StringComparison.Ordinal) && file.Name.EndsWith(".pt", StringComparison.Ordinal);

    public void Run(ReferenceFile file, FileReport report)
    {
        using TorchFile archive = TorchFileReader.Read(file.FullPath);
        using Tensor latents = archive.ReadTensor();
        string key = "input/latents_file/" + file.Stem[Start.Length..];
        FormulaCheck.Compare(report, file.Stem, latents, file.Set.Prefix, key, FillRule.Linear(Formula.UnitVariance));
    }
}
