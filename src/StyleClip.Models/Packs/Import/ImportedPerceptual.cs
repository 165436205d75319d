using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Models.Perceptual;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;

namespace StyleClip.Models.Packs.Import;

/// <summary>A perceptual network brought into a pack.</summary>
internal sealed record ImportedPerceptual(PackPerceptual Spec, FileOrigin Origin)
{
    public static ImportedPerceptual Write(string path, string target, PerceptualInput input)
    {
        using UpstreamNetwork source = VggFile.Read(path);
        try
        {
            (PackPerceptual spec, StateDict kept) = VggFile.Infer(source.Weights, input);
            using StateDict weights = kept;
            using VggFeatures network = new(spec);
            weights.LoadInto(network, "the perceptual network");
            Finite.Require(path, weights);
            SafetensorsWriter.Write(target, weights);
            return new(spec, PackImporter.Origin(path, source.Format, source.Notes));
        }
        catch (WeightsException error)
        {
            throw new WeightsException($"{path}: {error.Message}", error);
        }
    }
}
