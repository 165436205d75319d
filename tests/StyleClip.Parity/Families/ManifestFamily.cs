using System.Runtime.InteropServices;
using System.Text.Json;
using StyleClip.Reference;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Parity.Families;

/// <summary>manifest_*.jsonl: every weight of a network as filled by formula.</summary>
public sealed class ManifestFamily : IParityFamily
{
    private const double SumAllowance = 1e-9; // The sums are taken in float64, in another order.

    public string Name => "manifests";

    public bool Recognizes(ReferenceFile file) =>
        file.Name.StartsWith("manifest_", StringComparison.Ordinal) && file.Name.EndsWith(".jsonl", StringComparison.Ordinal);

    public void Run(ReferenceFile file, FileReport report)
    {
        WeightFamily family = FamilyOf(file.Stem["manifest_".Length..]);
        foreach (string line in File.ReadLines(file.FullPath).Where(line => line.Length > 0))
        {
            using DisposeScope scope = NewDisposeScope();
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement entry = document.RootElement;
            string key = entry.GetProperty("key").GetString()!;
            long[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            FillRule rule = FormulaWeights.Rule(family, key, shape);
            string kind = entry.GetProperty("kind").GetString()!;
            if (rule.Kind != KindOf(kind))
            {
                report.Fail(key, $"is of kind {kind}, here {rule.Kind}");
                continue;
            }

            Tensor tensor = rule.Kind == FillKind.Keep
                ? BlurKernel.Of(key)
                : Formula.Tensor(file.Set.Prefix, key, shape, rule.Kind, rule.Scale, rule.Offset);
            Check(report, key, entry, tensor);
        }
    }

    private static void Check(FileReport report, string key, JsonElement entry, Tensor tensor)
    {
        float[] first = [.. entry.GetProperty("first4").EnumerateArray().Select(value => (float)value.GetDouble())];
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(tensor.bytes);
        if (!values[..first.Length].SequenceEqual(first))
        {
            report.Fail(key, "begins with other values");
            return;
        }

        Tensor precise = tensor.to(ScalarType.Float64);
        double norm = entry.GetProperty("l2").GetDouble();
        double error = Math.Max(
            Math.Abs(precise.sum().ToDouble() - entry.GetProperty("sum").GetDouble()),
            Math.Abs(precise.norm().ToDouble() - norm));
        report.Compared(key, norm == 0 ? error : error / norm, SumAllowance);
    }

    private static WeightFamily FamilyOf(string model) => model switch
    {
        _ when model.StartsWith("stylegan", StringComparison.Ordinal) => WeightFamily.StyleGan2,
        _ when model.StartsWith("clip", StringComparison.Ordinal) => WeightFamily.Clip,
        _ when model.StartsWith("irse", StringComparison.Ordinal) => WeightFamily.IrSe50,
        _ when model.EndsWith("mapper", StringComparison.Ordinal) => WeightFamily.Mapper,
        _ => throw new InvalidDataException($"No table of scales is known for '{model}'."),
    };

    private static FillKind KindOf(string kind) => kind switch
    {
        "lin" => FillKind.Linear,
        "abs" => FillKind.Absolute,
        "const" => FillKind.Constant,
        "keep" => FillKind.Keep,
        _ => throw new InvalidDataException($"The kind '{kind}' is not known."),
    };
}
