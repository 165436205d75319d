using StyleClip.Models.Mappers;
using StyleClip.Models.StyleGan2;
using StyleClip.Models.Weights;
using StyleClip.Reference;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Parity.Families;

/// <summary>mapper_TAG_coach.safetensors: latents, changes and images of a small mapper and generator with weights by formula.</summary>
public sealed class CoachFamily : IParityFamily
{
    public string Name => "coach";

    public bool Recognizes(ReferenceFile file) => file.IsSafetensors
        && file.Name.StartsWith("mapper_", StringComparison.Ordinal)
        && file.Has("stylegan_size", "latent_dim", "n_mlp", "channels");

    public void Run(ReferenceFile file, FileReport report)
    {
        SafetensorsComparison comparison = new(file, report);
        GeneratorSpec spec = CoachNetworks.SpecOf(file);
        using Generator generator = FormulaNetworks.Generator(file.Set.Prefix, spec);
        using Mapper mapper = CoachNetworks.MapperOf(MapperKeys(file), spec);
        FormulaWeights.Fill(mapper, file.Set.Prefix, WeightFamily.Mapper);
        CoachNetworks.Compare(comparison, new Inputs(file.Set.Prefix, "input/" + TagOf(file.Stem)), generator, mapper);
        comparison.Finish();
    }

    // The checkpoint beside the numbers tells which levels there are; without one there are all.
    private static string[] MapperKeys(ReferenceFile file)
    {
        if (file.Set.Find(file.Stem + ".pt") is not { } checkpoint) return ["course_mapping", "medium_mapping", "fine_mapping"];
        using TorchFile archive = TorchFileReader.Read(checkpoint);
        using StateDict weights = archive.StateDict("state_dict");
        using StateDict mapper = weights.Select("mapper");
        return [.. mapper.Keys];
    }

    /// <summary>The word between the kind of file and the program that wrote it: mapper_TAG_coach.</summary>
    public static string TagOf(string stem) => stem.Split('_')[1];
}
