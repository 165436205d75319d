using StyleClip.Models.Mappers;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Reference;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Parity.Families;

/// <summary>mapper_*.pt: what the original training program saves, a mapper with or without the generator, and its options.</summary>
public sealed class CoachCheckpointFamily : IParityFamily
{
    public string Name => "coach-checkpoints";

    public bool Recognizes(ReferenceFile file) =>
        file.Name.StartsWith("mapper_", StringComparison.Ordinal) && file.Name.EndsWith(".pt", StringComparison.Ordinal);

    public void Run(ReferenceFile file, FileReport report)
    {
        using TorchFile archive = TorchFileReader.Read(file.FullPath);
        report.Matched("opts", archive.Get("opts") is TorchDict { Count: > 0 }, "a dictionary of options");
        using StateDict all = archive.StateDict("state_dict");
        using StateDict mapper = all.Select("mapper"), decoder = all.Select("decoder");
        report.Matched("keys", mapper.Count > 0 && mapper.Count + decoder.Count == all.Count, $"{mapper.Count} of the mapper, {decoder.Count} of the generator");
        FormulaCheck.Compare(report, mapper, file.Set.Prefix, WeightFamily.Mapper, "mapper.");
        FormulaCheck.Compare(report, decoder, file.Set.Prefix, WeightFamily.StyleGan2, "decoder.");
        Results(file, mapper, decoder, report);
    }

    private static void Results(ReferenceFile file, StateDict mapperWeights, StateDict decoder, FileReport report)
    {
        string tag = CoachFamily.TagOf(file.Stem);
        if (decoder.Count == 0)
        {
            using Mapper alone = CoachNetworks.MapperOf([.. mapperWeights.Keys], GeneratorSpec.ConfigF(GeneratorSpec.MaxSize));
            mapperWeights.LoadInto(alone, "the mapper");
            report.Matched("mapper", true, "takes the weights");
            return;
        }

        GeneratorSpec spec = GeneratorSpec.Infer(decoder);
        using Generator generator = new(spec);
        decoder.LoadInto(generator, "the generator");
        generator.Freeze();
        using Mapper mapper = CoachNetworks.MapperOf([.. mapperWeights.Keys], spec);
        mapperWeights.LoadInto(mapper, "the mapper");
        string numbersName = $"mapper_{tag}_coach.safetensors";
        if (file.Set.Find(numbersName) is null)
        {
            report.Listed(numbersName, "is missing: the networks load but their results are not compared");
            return;
        }

        using ReferenceFile numbers = new(file.Set, numbersName);
        report.Matched("generator", spec.Equals(CoachNetworks.SpecOf(numbers)), "of the recorded shape");
        CoachNetworks.Compare(new SafetensorsComparison(numbers, report), new Inputs(file.Set.Prefix, "input/" + tag), generator, mapper);
    }
}
