using System.Text.RegularExpressions;
using StyleClip.Models.Clip;
using StyleClip.Models.Weights;
using StyleClip.Reference;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Parity.Families;

/// <summary>MODEL_{fp32,fp16}_{zip,legacy,torchscript}.pt: the weights of a CLIP model in every layout of a PyTorch file.</summary>
public sealed partial class ClipCheckpointFamily : IParityFamily
{
    // The sizes that a published archive carries beside its weights, and what the metadata calls them.
    private static readonly Dictionary<string, string> Sizes = new(StringComparer.Ordinal)
    {
        ["input_resolution"] = "image_resolution",
        ["context_length"] = "context_length",
        ["vocab_size"] = "vocab_size",
    };

    public string Name => "clip-checkpoints";

    public bool Recognizes(ReferenceFile file) => Checkpoint().IsMatch(file.Name);

    public void Run(ReferenceFile file, FileReport report)
    {
        Match name = Checkpoint().Match(file.Name);
        bool isHalf = name.Groups["precision"].Value == "fp16";
        using ReferenceFile numbers = new(file.Set, name.Groups["model"].Value + ".safetensors");
        using TorchFile archive = TorchFileReader.Read(file.FullPath);
        using StateDict weights = archive.StateDict();
        report.Matched("layout", archive.IsTorchScript == (name.Groups["layout"].Value == "torchscript"), archive.IsTorchScript ? "TorchScript" : "pickle");
        Weights(file, numbers, weights, report);
        report.Matched("precision", weights.Values.Any(tensor => tensor.dtype == ScalarType.Float16) == isHalf, isHalf ? "mixed with half" : "float");
        Features(file, numbers, isHalf ? "fp16_checkpoint/" : "", report);
    }

    private static void Weights(ReferenceFile file, ReferenceFile numbers, StateDict weights, FileReport report)
    {
        foreach ((string key, Tensor tensor) in weights)
        {
            if (Sizes.TryGetValue(key, out string? setting))
                report.Matched(key, tensor.ToInt64() == numbers.Number(setting), "the size in the metadata");
            else
                FormulaCheck.Compare(report, key, tensor, file.Set.Prefix, key, FormulaWeights.Rule(WeightFamily.Clip, key, tensor.shape));
        }
    }

    private static void Features(ReferenceFile file, ReferenceFile numbers, string group, FileReport report)
    {
        using IDisposable frozen = no_grad();
        using ClipModel clip = ClipSettings.Load(file.FullPath);
        SafetensorsComparison comparison = new(numbers, report);
        Tensor image = ClipSettings.Image(numbers, clip.Spec, comparison.Recorded("image_features").shape[0]);
        comparison.Compare(group + "image_features", clip.EncodeImage(image), ClipSettings.CheckpointAllowance);
        comparison.Compare(group + "text_features", clip.EncodeText(comparison.Recorded("ids")), ClipSettings.CheckpointAllowance);
    }

    [GeneratedRegex(@"^(?<model>clip_.+)_(?<precision>fp32|fp16)_(?<layout>zip|legacy|torchscript)\.pt$")]
    private static partial Regex Checkpoint();
}
