using StyleClip.Contracts.Library;
using StyleClip.Models.Identity;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;

namespace StyleClip.Models.Packs.Import;

/// <summary>An identity network brought into a pack.</summary>
internal sealed record ImportedIdentity(IrSeSpec Spec, FaceCrop Crop, FileOrigin Origin)
{
    public static ImportedIdentity Write(string path, string target)
    {
        using UpstreamNetwork source = IrSe50File.Read(path);
        IrSeSpec spec = Infer(path, source.Weights);
        using IrSe network = new(spec);
        network.Load(source.Weights);
        Finite.Require(path, source.Weights);
        SafetensorsWriter.Write(target, source.Weights);
        FaceCrop crop = spec.InputSize == FaceCrop.Published.OutputSize ? FaceCrop.Published : FaceCrop.Whole(spec.InputSize);
        return new(spec, crop, PackImporter.Origin(path, source.Format, source.Notes));
    }

    private static IrSeSpec Infer(string path, StateDict weights)
    {
        try
        {
            return IrSe50File.Infer(weights);
        }
        catch (WeightsException error)
        {
            throw new WeightsException($"{path}: {error.Message}", error);
        }
    }
}
