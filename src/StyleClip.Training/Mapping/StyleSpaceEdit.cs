using StyleClip.Models.Losses;
using StyleClip.Models.Mappers;
using StyleClip.Training.Edits;
using static TorchSharp.torch;

namespace StyleClip.Training.Mapping;

/// <summary>An edit in style space: every style vector by itself.</summary>
/// <param name="mapper">The mapper; owned from here on.</param>
/// <param name="generator">The frozen generator.</param>
/// <param name="strength">Factor on the mapper's output; 0.1 in the published code.</param>
public sealed class StyleSpaceEdit(StyleSpaceMapper mapper, Models.StyleGan2.Generator generator, double strength)
    : MapperEdit(mapper, generator, strength)
{
    /// <inheritdoc/>
    public override bool NeedsWPlus => false;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Offset(ImageCodes codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        return mapper.Delta(codes.Styles());
    }

    /// <inheritdoc/>
    public override EditedLatents Apply(Tensor latents)
    {
        Tensor[] source = Generator.Styles(WPlus(latents));
        Tensor[] delta = mapper.Delta(source);
        return new([.. source.Zip(delta, (style, change) => style + (Strength * change))], source);
    }

    /// <inheritdoc/>
    public override Tensor Synthesize(EditedLatents latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        return Generator.SynthesizeFromStyles(latents.Edited);
    }

    /// <inheritdoc/>
    public override Tensor LatentL2(EditedLatents latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        return LatentL2Loss.StyleSpace(latents.Edited, latents.Source);
    }
}
