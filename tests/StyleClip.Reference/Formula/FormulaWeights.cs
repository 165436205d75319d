using System.Text.RegularExpressions;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Reference;

/// <summary>Fills whole networks by formula; the scales keep every activation near unit size.</summary>
public static partial class FormulaWeights
{
    private static readonly double Root3 = Math.Sqrt(3);

    /// <summary>Overwrites all parameters and persistent buffers of a module, each under its own state-dict key.</summary>
    public static void Fill(nn.Module module, string prefix, WeightFamily family)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach ((string key, Tensor tensor) in module.state_dict()) Formula.Fill(tensor, prefix, key, Rule(family, key, tensor.shape));
    }

    /// <summary>New float32 tensors of the given keys and shapes; keys that keep a computed value are left out.</summary>
    public static Dictionary<string, Tensor> Tensors(
        IEnumerable<KeyValuePair<string, long[]>> shapes, string prefix, WeightFamily family)
    {
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        foreach ((string key, long[] shape) in shapes)
        {
            FillRule rule = Rule(family, key, shape);
            if (rule.Kind != FillKind.Keep) tensors.Add(key, Formula.Tensor(prefix, key, shape, rule.Kind, rule.Scale, rule.Offset));
        }

        return tensors;
    }

    /// <summary>The rule of one tensor, by its state-dict key and shape.</summary>
    public static FillRule Rule(WeightFamily family, string key, ReadOnlySpan<long> shape) => family switch
    {
        WeightFamily.StyleGan2 => StyleGan2(key),
        WeightFamily.Mapper => key.EndsWith(".weight", StringComparison.Ordinal) ? FillRule.Linear(100 * Root3) : FillRule.Linear(10),
        WeightFamily.Clip => Clip(key, shape),
        WeightFamily.IrSe50 => IrSe50(key, shape),
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "There is no table of scales for this family."),
    };

    private static FillRule StyleGan2(string key)
    {
        if (Ends(key, ".kernel")) return FillRule.Keep;
        if (MappingLayer().IsMatch(key)) return Ends(key, ".weight") ? FillRule.Linear(100 * Root3) : FillRule.Linear(10);
        if (key == "input.input" || key.StartsWith("noises.noise_", StringComparison.Ordinal) || Ends(key, ".modulation.weight"))
            return FillRule.Linear(Root3);
        if (Ends(key, ".modulation.bias")) return FillRule.Linear(0.1, 1);
        if (Ends(key, ".noise.weight")) return FillRule.Linear(0.1);
        if (Ends(key, "conv.weight")) return FillRule.Linear(key.StartsWith("to_rgb", StringComparison.Ordinal) ? 0.25 * Root3 : Root3);
        return Ends(key, ".bias") ? FillRule.Linear(0.1) : throw Unknown(key);
    }

    private static FillRule Clip(string key, ReadOnlySpan<long> shape)
    {
        if (key == "logit_scale") return FillRule.Constant(Math.Log(100));
        if (key == "token_embedding.weight" || Ends(key, "class_embedding")) return FillRule.Linear(1);
        if (Ends(key, "positional_embedding")) return FillRule.Linear(0.5);
        if (key is "visual.proj" or "text_projection") return FillRule.Linear(Math.Sqrt(3.0 / shape[0]));
        if (shape.Length >= 2) return FillRule.Linear(FanInScale(shape));
        if (Ends(key, ".weight")) return FillRule.Linear(0.1, 1);
        return Ends(key, "bias") ? FillRule.Linear(0.1) : throw Unknown(key);
    }

    private static FillRule IrSe50(string key, ReadOnlySpan<long> shape)
    {
        if (Ends(key, ".num_batches_tracked")) return FillRule.Constant(0);
        if (Ends(key, ".running_mean")) return FillRule.Linear(0.1);
        if (Ends(key, ".running_var")) return FillRule.Absolute(0.5, 1);
        if (shape.Length >= 2) return FillRule.Linear(FanInScale(shape));
        if (key == "input_layer.2.weight" || Ends(key, ".res_layer.2.weight")) return FillRule.Linear(0.1, 0.25);
        if (Ends(key, ".weight")) return FillRule.Linear(0.1, 1);
        return Ends(key, ".bias") ? FillRule.Linear(0.1) : throw Unknown(key);
    }

    private static double FanInScale(ReadOnlySpan<long> shape)
    {
        long fanIn = 1;
        foreach (long size in shape[1..]) fanIn *= size;
        return Math.Sqrt(3.0 / fanIn);
    }

    private static bool Ends(string key, string suffix) => key.EndsWith(suffix, StringComparison.Ordinal);

    private static ArgumentException Unknown(string key) => new($"The tables of scales have no line for the tensor '{key}'.");

    [GeneratedRegex(@"^style\.\d+\.(weight|bias)$")]
    private static partial Regex MappingLayer();
}
