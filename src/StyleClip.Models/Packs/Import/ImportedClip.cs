using StyleClip.Contracts.Library;
using StyleClip.Models.Clip;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;

namespace StyleClip.Models.Packs.Import;

/// <summary>A CLIP model brought into a pack.</summary>
internal sealed record ImportedClip(ClipSpec Spec, FileOrigin Origin)
{
    private const int VocabularySize = ClipTokenizer.EndId + 1; // the end token has the largest id
    private const int MaxImageSize = 1024;
    private const int HeadWidth = 64;

    public static ImportedClip Write(string path, string target)
    {
        (ClipSpec spec, TensorShapes shapes, FileOrigin origin) = Translate(path, target);
        using ClipModel model = new(spec); // once the weights are gone: either is most of an import's memory
        shapes.RequireFit(model, $"the CLIP model of {path}, {spec.ImageSize} px in patches of {spec.PatchSize}");
        return new(spec, origin);
    }

    private static (ClipSpec Spec, TensorShapes Shapes, FileOrigin Origin) Translate(string path, string target)
    {
        using UpstreamNetwork source = ClipFile.Read(path);
        ClipSpec spec = Infer(path, source.Weights);
        Finite.Require(path, source.Weights);
        SafetensorsWriter.Write(target, source.Weights);
        return (spec, TensorShapes.Of(source.Weights), PackImporter.Origin(path, source.Format, source.Notes));
    }

    private static ClipSpec Infer(string path, StateDict weights)
    {
        ClipSpec spec;
        try
        {
            spec = ClipSpec.Infer(weights);
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new WeightsException($"{path}: {error.Message}", error);
        }

        if (spec.VocabularySize != VocabularySize || spec.ContextLength != ClipTokenizer.Shared.ContextLength)
            throw new WeightsException($"{path} has a vocabulary of {spec.VocabularySize} and a context of {spec.ContextLength}; text is read by CLIP's published tokenizer, which needs {VocabularySize} and {ClipTokenizer.Shared.ContextLength}.");
        if (spec.PatchSize < 1 || spec.ImageSize is < 1 or > MaxImageSize) throw new WeightsException($"{path} takes images of {spec.ImageSize} px in patches of {spec.PatchSize}; 1 to {MaxImageSize} px are supported.");
        if (spec.VisionWidth < HeadWidth || spec.TextWidth < HeadWidth || spec.VisionWidth % HeadWidth != 0 || spec.TextWidth % HeadWidth != 0 || spec.EmbedDim < 1)
            throw new WeightsException($"{path} has transformers of {spec.VisionWidth} and {spec.TextWidth} channels; they must be multiples of {HeadWidth}, the width of CLIP's attention heads.");
        Int128 elements = ((Int128)spec.VocabularySize * spec.TextWidth)
            + (12 * (((Int128)spec.VisionLayers * spec.VisionWidth * spec.VisionWidth) + ((Int128)spec.TextLayers * spec.TextWidth * spec.TextWidth)))
            + (3 * (Int128)spec.PatchSize * spec.PatchSize * spec.VisionWidth) + ((Int128)spec.EmbedDim * (spec.VisionWidth + spec.TextWidth));
        Translation.RequirePlausible("a CLIP model", elements, weights);
        return spec;
    }
}
