using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace StyleClip.Models.StyleGan2;

/// <summary>Modulated convolution, noise, bias, leaky ReLU.</summary>
internal sealed class StyledConv : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "conv")]
    private readonly ModulatedConv2d _conv;
    [ComponentName(Name = "noise")]
    private readonly NoiseInjection _noise = new();
    [ComponentName(Name = "activate")]
    private readonly Bias _activate;

    public StyledConv(int inputs, int outputs, int styleDim, bool upsample)
        : base(nameof(StyledConv))
    {
        // A leaky ReLU commutes with a positive factor, so its gain is applied to small tensors before it.
        _conv = new ModulatedConv2d(inputs, outputs, styleDim, upsample, LeakyRelu.Gain);
        _activate = new Bias(outputs);
        RegisterComponents();
    }

    /// <summary>[B, D] -> [B, in]</summary>
    public Tensor Modulate(Tensor w) => _conv.Modulate(w);

    public void Initialize(torch.Generator random)
    {
        _conv.Initialize(random);
        _noise.Initialize();
        _activate.Initialize();
    }

    public void Freeze() => _conv.Freeze();

    /// <summary>[B, in, H, W], [B, in], [1, 1, H', W'] -> [B, out, H', W'] with H' = H or 2H</summary>
    public override Tensor forward(Tensor input, Tensor style, Tensor noise)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = _conv.call(input, style);
        // In place: the features are ours, nothing saved for the backward pass is overwritten, and fresh pages cost more than the sums.
        features.add_(_noise.Scale(noise, LeakyRelu.Gain));
        features.add_(_activate.PerPixel(LeakyRelu.Gain));
        F.leaky_relu(features, LeakyRelu.Slope, inplace: true);
        return scope.MoveToOuter(features);
    }
}
