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
        Tensor weight = _weight.view(1, Colours, shape[1]) * (style * _scale).unsqueeze(1); // [B, 3, C]
        Tensor colours = bmm(weight, input.view(shape[0], shape[1], shape[2] * shape[3])); // [B, 3, HW]
        return scope.MoveToOuter(colours.view(shape[0], Colours, shape[2], shape[3]));
    }
}
