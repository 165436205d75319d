using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

/// <summary>
/// The 1x1 modulated convolution to three colours, without normalisation. The weights are few, so each sample has its own
/// and the features are read once.
/// </summary>
internal sealed class ModulatedProjection : nn.Module<Tensor, Tensor, Tensor>
{
    private const int Colours = 3;
    private readonly double _scale;
    [ComponentName(Name = "modulation")]
    private readonly EqualLinear _modulation;
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // [1, 3, C, 1, 1], the published shape

    public ModulatedProjection(int inputs, int styleDim)
        : base(nameof(ModulatedProjection))
    {
        _scale = 1 / Math.Sqrt(inputs);
        _weight = new Parameter(zeros([1, Colours, inputs, 1, 1]));
        _modulation = new EqualLinear(styleDim, inputs, initialBias: 1);
        RegisterComponents();
    }

    /// <summary>[B, D] -> [B, C]</summary>
    public Tensor Modulate(Tensor w) => _modulation.call(w);

    public void Initialize(torch.Generator random)
    {
        Initialization.Normal(_weight, random);
        _modulation.Initialize(random);
    }

    /// <summary>[B, C, H, W], [B, C] -> [B, 3, H, W]</summary>
    public override Tensor forward(Tensor input, Tensor style)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] shape = input.shape;
        Tensor colours = bmm(Weight(style), input.view(shape[0], shape[1], shape[2] * shape[3])); // [B, 3, HW]
        return scope.MoveToOuter(colours.view(shape[0], Colours, shape[2], shape[3]));
    }

    /// <summary>Gradients by input and style.</summary>
    /// <param name="input">[B, C, H, W], what it was given.</param>
    /// <param name="style">[B, C], likewise.</param>
    /// <param name="gradient">[B, 3, H, W], of its result.</param>
    public (Tensor Input, Tensor Style) FixedGradient(Tensor input, Tensor style, Tensor gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor colours = gradient.flatten(2), weight = Weight(style); // [B, 3, HW], [B, 3, C]
        Tensor ofInput = bmm(weight.transpose(1, 2), colours).view(input.shape);
        Tensor ofWeight = bmm(colours, input.flatten(2).transpose(1, 2)); // [B, 3, C]
        Tensor ofStyle = (ofWeight * _weight.view(1, Colours, -1)).sum(1) * _scale;
        return (scope.MoveToOuter(ofInput), scope.MoveToOuter(ofStyle));
    }

    // [B, C] -> [B, 3, C]
    private Tensor Weight(Tensor style) => _weight.view(1, Colours, style.shape[1]) * (style * _scale).unsqueeze(1);
}
