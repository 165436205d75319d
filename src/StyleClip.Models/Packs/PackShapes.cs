using System.Collections.Immutable;
using StyleClip.Contracts.Packs;
using StyleClip.Models.Clip;
using StyleClip.Models.Identity;
using StyleClip.Models.StyleGan2;

namespace StyleClip.Models.Packs;

/// <summary>Translates between a manifest's shapes and the specs that networks are built from.</summary>
public static class PackShapes
{
    /// <summary>The generator's spec.</summary>
    /// <param name="generator">Its shape in the manifest.</param>
    public static GeneratorSpec Spec(PackGenerator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new() { Size = generator.Size, StyleDim = generator.StyleDim, MappingLayers = generator.MappingLayers, Channels = generator.Channels };
    }

    /// <summary>The manifest's form of a generator's spec.</summary>
    /// <param name="spec">The spec.</param>
    public static PackGenerator Shape(GeneratorSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new() { Size = spec.Size, StyleDim = spec.StyleDim, MappingLayers = spec.MappingLayers, Channels = spec.Channels };
    }

    /// <summary>The CLIP model's spec.</summary>
    /// <param name="clip">Its shape in the manifest.</param>
    public static ClipSpec Spec(PackClip clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        return new()
        {
            ImageSize = clip.ImageSize,
            PatchSize = clip.PatchSize,
            VisionWidth = clip.VisionWidth,
            VisionLayers = clip.VisionLayers,
            VisionHeads = clip.VisionHeads,
            EmbedDim = clip.EmbedDim,
            TextWidth = clip.TextWidth,
            TextLayers = clip.TextLayers,
            TextHeads = clip.TextHeads,
            ContextLength = clip.ContextLength,
            VocabularySize = clip.VocabularySize,
        };
    }

    /// <summary>The manifest's form of a CLIP model's spec.</summary>
    /// <param name="spec">The spec.</param>
    public static PackClip Shape(ClipSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new()
        {
            ImageSize = spec.ImageSize,
            PatchSize = spec.PatchSize,
            VisionWidth = spec.VisionWidth,
            VisionLayers = spec.VisionLayers,
            VisionHeads = spec.VisionHeads,
            EmbedDim = spec.EmbedDim,
            TextWidth = spec.TextWidth,
            TextLayers = spec.TextLayers,
            TextHeads = spec.TextHeads,
            ContextLength = spec.ContextLength,
            VocabularySize = spec.VocabularySize,
        };
    }

    /// <summary>The identity network's spec. Dropout acts in training only and is no part of a pack.</summary>
    /// <param name="identity">Its shape in the manifest.</param>
    public static IrSeSpec Spec(PackIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return new()
        {
            InputSize = identity.InputSize,
            EmbeddingDim = identity.EmbeddingDim,
            StemStride = identity.StemStride,
            SqueezeReduction = identity.SqueezeReduction,
            Stages = [.. identity.Stages.Select(stage => new IrSeStage(stage.In, stage.Out, stage.Units, stage.Stride))],
        };
    }

    /// <summary>The spec of the attribute network's body.</summary>
    /// <param name="attributes">Its shape in the manifest.</param>
    public static IrSeSpec Spec(PackAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return new()
        {
            InputSize = attributes.InputSize,
            EmbeddingDim = attributes.EmbeddingDim,
            StemStride = attributes.StemStride,
            SqueezeReduction = attributes.SqueezeReduction,
            Stages = [.. attributes.Stages.Select(stage => new IrSeStage(stage.In, stage.Out, stage.Units, stage.Stride))],
        };
    }

    /// <summary>The manifest's form of an attribute network.</summary>
    /// <param name="body">The spec of its body.</param>
    /// <param name="values">How many values it reads.</param>
    /// <param name="list">What they mean.</param>
    public static PackAttributes Shape(IrSeSpec body, int values, ImmutableArray<PackAttribute> list)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new()
        {
            InputSize = body.InputSize,
            EmbeddingDim = body.EmbeddingDim,
            StemStride = body.StemStride,
            SqueezeReduction = body.SqueezeReduction,
            Stages = [.. body.Stages.Select(stage => new PackIdentityStage(stage.In, stage.Out, stage.Units, stage.Stride))],
            Values = values,
            List = list,
        };
    }

    /// <summary>How faces are cut for the identity network.</summary>
    /// <param name="identity">Its shape in the manifest.</param>
    public static FaceCrop Crop(PackIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        PackFaceCrop crop = identity.Crop;
        return new()
        {
            WorkingSize = crop.WorkingSize,
            Top = crop.Top,
            Left = crop.Left,
            Height = crop.Height,
            Width = crop.Width,
            OutputSize = crop.OutputSize,
        };
    }

    /// <summary>The manifest's form of an identity network and its crop.</summary>
    /// <param name="spec">The network's spec.</param>
    /// <param name="crop">The crop.</param>
    public static PackIdentity Shape(IrSeSpec spec, FaceCrop crop)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(crop);
        return new()
        {
            InputSize = spec.InputSize,
            EmbeddingDim = spec.EmbeddingDim,
            StemStride = spec.StemStride,
            SqueezeReduction = spec.SqueezeReduction,
            Stages = [.. spec.Stages.Select(stage => new PackIdentityStage(stage.In, stage.Out, stage.Units, stage.Stride))],
            Crop = new(crop.WorkingSize, crop.Top, crop.Left, crop.Height, crop.Width, crop.OutputSize),
        };
    }
}
