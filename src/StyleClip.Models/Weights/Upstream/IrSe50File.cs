using System.Collections.Immutable;
using System.Globalization;
using StyleClip.Models.Identity;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights.Upstream;

/// <summary>Reads <c>model_ir_se50.pth</c> of InsightFace_Pytorch and networks of its family, whose keys are ours.</summary>
public static class IrSe50File
{
    private static readonly string?[] Places = [null, "state_dict"];
    private static readonly string[] Prefixes = ["", "module.", "facenet."];

    /// <summary>Reads an identity network. Nothing is checked against a network yet.</summary>
    /// <param name="path">A state dictionary in any layout.</param>
    /// <exception cref="WeightsException">The file holds no such network.</exception>
    public static UpstreamNetwork Read(string path)
    {
        using WeightFile file = WeightFile.Open(path);
        foreach (string? place in Places)
        {
            using StateDict? weights = file.Find(place);
            if (weights is null || Array.Find(Prefixes, prefix => weights.ContainsKey(prefix + "input_layer.0.weight") && weights.ContainsKey(prefix + "output_layer.3.weight")) is not { } prefix) continue;
            return new UpstreamNetwork($"IR-SE identity network, InsightFace_Pytorch's keys, {file.Layout}", Translation.ToFloat32(weights
                .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(pair => KeyValuePair.Create(pair.Key[prefix.Length..], pair.Value))));
        }

        throw new WeightsException($"{path} is a {file.Layout} with {file.Describe()}; an IR-SE identity network has the keys input_layer.0.weight and output_layer.3.weight.");
    }

    /// <summary>Reads the sizes off the shapes. Strides leave no trace in them: the stem has none, as in IR-SE50.</summary>
    /// <param name="weights">The weights.</param>
    /// <exception cref="WeightsException">A key is missing or the shapes describe no such network.</exception>
    public static IrSeSpec Infer(StateDict weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        long stem = Dimension(weights, "input_layer.0.weight", 4, 0);
        var stages = ImmutableArray.CreateBuilder<IrSeStage>();
        for (int unit = 0; weights.ContainsKey(Unit(unit, "3.weight")); unit++)
        {
            int channels = (int)Dimension(weights, Unit(unit, "3.weight"), 4, 0);
            int before = unit == 0 ? (int)stem : stages[^1].Out;
            if (unit == 0 || channels != before) stages.Add(new IrSeStage(before, channels, 1));
            else stages[^1] = stages[^1] with { Units = stages[^1].Units + 1 };
        }

        if (stages.Count is 0 or > 6) throw new WeightsException($"The identity network has {stages.Count} stages of residual units; 1 to 6 are supported.");
        int last = stages[^1].Out;
        long inputs = Dimension(weights, "output_layer.3.weight", 2, 1);
        int side = last == 0 ? 0 : (int)Math.Round(Math.Sqrt((double)inputs / last));
        if (side is < 1 or > 64 || (long)side * side * last != inputs)
            throw new WeightsException($"output_layer.3.weight takes {inputs} numbers; that is no square map of {last} channels, at most 64 x 64.");
        IrSeSpec spec = new()
        {
            InputSize = side << stages.Count,
            EmbeddingDim = (int)Dimension(weights, "output_layer.3.weight", 2, 0),
            SqueezeReduction = (int)Math.Max(1, stages[0].Out / Math.Max(1, Dimension(weights, Unit(0, "5.fc1.weight"), 4, 0))),
            Stages = stages.ToImmutable(),
        };
        Int128 elements = (Int128)inputs * spec.EmbeddingDim;
        foreach (IrSeStage stage in stages) elements += 9 * (((Int128)stage.In * stage.Out) + ((Int128)stage.Out * stage.Out * ((2 * stage.Units) - 1)));
        Translation.RequirePlausible("an identity network", elements, weights);
        return spec;
    }

    private static string Unit(int unit, string rest) => string.Create(CultureInfo.InvariantCulture, $"body.{unit}.res_layer.{rest}");

    private static long Dimension(StateDict weights, string key, int rank, int dimension)
    {
        if (!weights.TryGetValue(key, out Tensor? tensor)) throw new WeightsException($"The weights have no {key}; an IR-SE identity network has it.");
        return tensor.dim() == rank ? tensor.shape[dimension] : throw new WeightsException($"{key} has {tensor.dim()} dimensions; it must have {rank}.");
    }
}
