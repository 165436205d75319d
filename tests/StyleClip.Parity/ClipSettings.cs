using StyleClip.Models.Clip;
using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.Parity;

/// <summary>What the files about CLIP agree on.</summary>
public static class ClipSettings
{
    /// <summary>For results without a recorded float64 error: ten times what the same features show elsewhere.</summary>
    public const double CheckpointAllowance = 1e-5;

    /// <summary>The sizes in the metadata, or the published ViT-B/32 where a file has none.</summary>
    public static ClipSpec SpecOf(ReferenceFile file)
    {
        if (!file.Has("vision_width")) return ClipSpec.VitB32;
        return new ClipSpec
        {
            ImageSize = file.Number("image_resolution"),
            PatchSize = file.Number("vision_patch_size"),
            VisionWidth = file.Number("vision_width"),
            VisionLayers = file.Number("vision_layers"),
            VisionHeads = file.Number("vision_width") / 64,
            EmbedDim = file.Number("embed_dim"),
            TextWidth = file.Number("transformer_width"),
            TextLayers = file.Number("transformer_layers"),
            TextHeads = file.Number("transformer_heads"),
            ContextLength = file.Number("context_length"),
            VocabularySize = file.Number("vocab_size"),
        };
    }

    /// <summary>The images that a model's features were taken of.</summary>
    public static Tensor Image(ReferenceFile file, ClipSpec spec, long count)
    {
        string root = file.Has("vision_width") ? "input/" + file.Stem : "input/clip";
        return new Inputs(file.Set.Prefix, root).Image("image", (int)count, spec.ImageSize, spec.ImageSize);
    }

    /// <summary>A model from a published kind of checkpoint, in float32; the caller disposes it.</summary>
    public static ClipModel Load(string path)
    {
        using TorchFile archive = TorchFileReader.Read(path);
        using StateDict weights = archive.StateDict();
        ClipModel clip = new(ClipSpec.Infer(weights));
        clip.Load(weights);
        clip.Freeze();
        return clip;
    }

    /// <summary>The state-dict name of a module whose recorded name leaves the transformer out.</summary>
    public static string ModuleOf(string recorded) => recorded
        .Replace("visual.resblocks", "visual.transformer.resblocks", StringComparison.Ordinal)
        .Replace("text.resblocks", "transformer.resblocks", StringComparison.Ordinal)
        .Replace("text.", "", StringComparison.Ordinal);
}
