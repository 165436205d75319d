using StyleClip.Models.Weights;
using StyleClip.Reference;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Parity;

/// <summary>Compares the tensors of a checkpoint with the formula that they were made from: none may differ in a bit.</summary>
public static class FormulaCheck
{
    public static void Compare(FileReport report, StateDict weights, string prefix, WeightFamily family, string shownPrefix = "")
    {
        foreach ((string key, Tensor tensor) in weights) Compare(report, shownPrefix + key, tensor, prefix, key, FormulaWeights.Rule(family, key, tensor.shape));
    }

    /// <summary>One tensor; a half-precision one holds the formula's value rounded to half.</summary>
    public static void Compare(FileReport report, string shown, Tensor tensor, string prefix, string key, FillRule rule)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = rule.Kind == FillKind.Keep
            ? BlurKernel.Of(key)
            : Formula.Tensor(prefix, key, tensor.shape, rule.Kind, rule.Scale, rule.Offset);
        try
        {
            report.Matched(shown, TensorError.Differing(tensor, expected.to(tensor.dtype)) == 0, $"{tensor.dtype} [{string.Join(", ", tensor.shape)}] by formula");
        }
        catch (InvalidDataException mismatch)
        {
            report.Fail(shown, mismatch.Message);
        }
    }
}
