using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace StyleClip.Models.StyleGan2;

/// <summary>Adds a resolution's colours to the image so far.</summary>
internal sealed class ToRgb : nn.Module<Tensor, Tensor, Tensor?, Tensor>
{
    private const int Colours = 3;
    [ComponentName(Name = "conv")]
    private readonly ModulatedProjection _conv;
    [ComponentName(Name = "upsample")]
    private readonly FirKernel? _upsample;
    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    public ToRgb(int inputs, int styleDim, bool upsample)
        : base(nameof(ToRgb))
    {
        _bias = new Parameter(zeros(1, Colours, 1, 1));
        if (upsample)
            _upsample = new FirKernel();
        _conv = new ModulatedProjection(inputs, styleDim);
        RegisterComponents();
    }

    /// <summary>[B, D] -> [B, C]</summary>
    public Tensor Modulate(Tensor w) => _conv.Modulate(w);

    public void Initialize(torch.Generator random)
    {
        _conv.Initialize(random);
        Initialization.Constant(_bias, 0);
    }

    /// <summary>[B, C, H, W], [B, C], [B, 3, H/2, W/2] or nothing -> [B, 3, H, W]</summary>
    public override Tensor forward(Tensor input, Tensor style, Tensor? image)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor colours = _conv.call(input, style) + _bias;
        if (image is not null && _upsample is not null)
        {
            // Zeros between the pixels, then the filter: the same as a transposed convolution with it, as the filter is symmetric.
            Tensor upsampled = F.conv_transpose2d(image, _upsample.PerChannel(Colours), strides: [2, 2], padding: [1, 1], groups: Colours);
            colours = upsampled.add_(colours);
        }
        return scope.MoveToOuter(colours);
    }

    /// <summary>Gradients by features, style and the smaller image; the last is null where there is none.</summary>
    /// <param name="input">[B, C, H, W], what it was given.</param>
    /// <param name="style">[B, C], likewise.</param>
    /// <param name="gradient">[B, 3, H, W], of its result.</param>
    public (Tensor Input, Tensor Style, Tensor? Image) FixedGradient(Tensor input, Tensor style, Tensor gradient)
    {
        (Tensor ofInput, Tensor ofStyle) = _conv.FixedGradient(input, style, gradient);
        return (ofInput, ofStyle, _upsample is null ? null : F.conv2d(gradient, _upsample.PerChannel(Colours), strides: [2, 2], padding: [1, 1], groups: Colours));
    }
}
