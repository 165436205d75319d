using System.Collections.Immutable;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Mappers;
using StyleClip.Reference;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.Parity.Families;

/// <summary>mappers: the published kinds of mapper with every combination of levels that was recorded.</summary>
public sealed class MapperFamily : IParityFamily
{
    private const string Output = "/out";
    private const string LatentGradient = "/d_mean_outT_dx";
    private const string ParameterGradient = "/grad/";
    private const string ParameterGradientNorm = "/gradnorm/";

    public string Name => "mappers";

    public bool Recognizes(ReferenceFile file) =>
        file.IsSafetensors && file.Name.StartsWith("mappers", StringComparison.Ordinal) && file.Has("n_latent", "stylespace_dims");

    public void Run(ReferenceFile file, FileReport report)
    {
        SafetensorsComparison comparison = new(file, report);
        Inputs inputs = new(file.Set.Prefix, "input/mapper");
        int layers = file.Number("n_latent");
        long[] shape = comparison.Recorded("wplus").shape;
        MapperSpec spec = new()
        {
            StyleLayers = layers,
            StyleDim = (int)shape[^1],
            StyleWidths = [.. file.Json<int[]>("stylespace_dims")],
            StyleIsToRgb = IsToRgb(file.Json<int[]>("stylespace_dims").Length),
        };
        Tensor wPlus = inputs.Latent("wplus", shape);
        comparison.Compare("wplus", wPlus);

        foreach (string name in comparison.Names.Where(name => name.EndsWith(Output, StringComparison.Ordinal)).ToArray())
        {
            using DisposeScope scope = NewDisposeScope();
            string group = name[..^Output.Length];
            MapperSpec variant = group == "single" ? spec with { Kind = MapperKind.Single } : spec with { Levels = LevelsOf(group) };
            using Mapper mapper = group == "single" ? new SingleMapper(variant) : new LevelsMapper(variant);
            FormulaWeights.Fill(mapper, file.Set.Prefix, WeightFamily.Mapper);
            WPlusMapper(comparison, group, mapper, wPlus, inputs);
        }

        StyleSpace(comparison, "fullstylespace/out_concat", spec with { Kind = MapperKind.FullStyleSpace }, inputs, shape[0]);
        StyleSpace(comparison, "notorgb_stylespace/out_concat", spec with { Kind = MapperKind.StyleSpaceWithoutToRgb }, inputs, shape[0]);
        comparison.Finish();
    }

    private static void WPlusMapper(SafetensorsComparison comparison, string group, Mapper mapper, Tensor wPlus, Inputs inputs)
    {
        Tensor input = wPlus.detach().clone();
        input.requires_grad = true;
        Tensor output = mapper.Delta(input);
        comparison.Compare(group + Output, output);
        if (!comparison.Has(group + LatentGradient)) return;

        (output * inputs.Uniform("gradT", output.shape)).mean().backward();
        comparison.Compare(group + LatentGradient, input.grad!);
        foreach ((string name, Parameter parameter) in mapper.named_parameters())
        {
            if (comparison.Has(group + ParameterGradient + name)) comparison.Compare(group + ParameterGradient + name, parameter.grad!);
            if (comparison.Has(group + ParameterGradientNorm + name))
                comparison.Compare(group + ParameterGradientNorm + name, parameter.grad!.to(ScalarType.Float64).norm());
        }
    }

    private static void StyleSpace(SafetensorsComparison comparison, string name, MapperSpec spec, Inputs inputs, long batch)
    {
        if (!comparison.Has(name)) return;
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        using StyleSpaceMapper mapper = new(spec);
        FormulaWeights.Fill(mapper, inputs.Prefix, WeightFamily.Mapper);
        Tensor[] styles = [.. spec.StyleWidths.Select((width, i) => inputs.Latent($"s.{i}", batch, width))];
        comparison.Compare(name, Reductions.Concatenate(mapper.Delta(styles)));
    }

    // A group is "all" or a list of "no_LEVEL".
    private static Levels LevelsOf(string group)
    {
        if (group == "all") return Levels.All;
        Levels levels = Levels.All;
        foreach (string level in group.Split("no_", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            levels &= ~(level.Trim('_') switch
            {
                "coarse" => Levels.Coarse,
                "medium" => Levels.Medium,
                "fine" => Levels.Fine,
                _ => throw new InvalidDataException($"'{group}' names no switches of a mapper."),
            });
        }

        return levels;
    }

    // conv1, to_rgb1, then conv, conv, to_rgb per resolution.
    private static ImmutableArray<bool> IsToRgb(int styles) => [.. Enumerable.Range(0, styles).Select(i => i % 3 == 1)];
}
