using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.Clip;

// B batch, R image side, P patches, C channels, E embedding
/// <summary>CLIP's image tower: patches and a class token through a transformer, read out at the class token.</summary>
internal sealed class VisionTransformer : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "class_embedding")] private readonly Parameter _classToken;
    [ComponentName(Name = "positional_embedding")] private readonly Parameter _positions;
    [ComponentName(Name = "proj")] private readonly Parameter _projection;
    [ComponentName(Name = "conv1")] private readonly Conv2d _patches;
    [ComponentName(Name = "ln_pre")] private readonly LayerNorm _before;
    [ComponentName(Name = "transformer")] private readonly Transformer _transformer;
    [ComponentName(Name = "ln_post")] private readonly LayerNorm _after;
    private readonly int _imageSize;
    private readonly int _width;

    public VisionTransformer(ClipSpec spec)
        : base(nameof(VisionTransformer))
    {
        if (spec.PatchSize < 1 || spec.ImageSize % spec.PatchSize != 0)
            throw new ArgumentException($"A patch of {spec.PatchSize} pixels does not divide an image of {spec.ImageSize} pixels.", nameof(spec));
        int side = spec.ImageSize / spec.PatchSize;
        (_imageSize, _width) = (spec.ImageSize, spec.VisionWidth);
        _classToken = new Parameter(zeros(_width));
        _positions = new Parameter(zeros((side * side) + 1, _width));
        _projection = new Parameter(zeros(_width, spec.EmbedDim));
        _patches = nn.Conv2d(3, _width, spec.PatchSize, stride: spec.PatchSize, bias: false);
        _before = nn.LayerNorm(_width);
        _transformer = new Transformer(_width, spec.VisionLayers, spec.VisionHeads, causal: false);
        _after = nn.LayerNorm(_width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image)
    {
        Shape.Require(image, nameof(image), -1, 3, _imageSize, _imageSize);
        long batch = image.shape[0];
        Tensor patches = _patches.call(image.to(_patches.weight!.dtype)).flatten(2).transpose(1, 2); // [B, P, C]
        Tensor tokens = cat([_classToken.expand(batch, 1, _width), patches], 1) + _positions; // [B, P + 1, C]
        tokens = _transformer.call(_before.call(tokens));
        return _after.call(tokens.select(1, 0)).mm(_projection); // [B, E]
    }

    public void Initialize(Generator generator)
    {
        double std = Math.Pow(_width, -0.5);
        StyleGan2.Initialization.Normal(_classToken, generator, std);
        StyleGan2.Initialization.Normal(_positions, generator, std);
        StyleGan2.Initialization.Normal(_projection, generator, std);
        StyleGan2.Initialization.Normal(_patches.weight!, generator, std);
        _transformer.Initialize(generator);
    }
}
