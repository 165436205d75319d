using StyleClip.Models.Losses;
using StyleClip.Models.Mappers;
using StyleClip.Training.Edits;
using static TorchSharp.torch;

namespace StyleClip.Training.Mapping;

/// <summary>An edit in W+ (StyleCLIP, section 5).</summary>
/// <param name="mapper">The mapper; owned from here on.</param>
/// <param name="generator">The frozen generator.</param>
/// <param name="strength">Factor on the mapper's output; 0.1 in the published code.</param>
public sealed class WPlusEdit(Mapper mapper, Models.StyleGan2.Generator generator, double strength) : MapperEdit(mapper, generator, strength)
{
    /// <inheritdoc/>
    public override bool NeedsWPlus => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Offset(ImageCodes codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        return [mapper.Delta(codes.WPlus ?? throw new ArgumentException("The codes are in style space; the mapper works in W+.", nameof(codes)))];
    }

    /// <inheritdoc/>
    public override EditedLatents Apply(Tensor latents)
    {
        Tensor source = WPlus(latents);
        return new([source + (Strength * mapper.Delta(source))], [source]);
    }

    /// <inheritdoc/>
    public override Tensor Synthesize(EditedLatents latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        return Generator.Synthesize(latents.Edited[0]);
    }

    /// <inheritdoc/>
    public override Tensor LatentL2(EditedLatents latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        return LatentL2Loss.WPlus(latents.Edited[0], latents.Source[0]);
    }
}
