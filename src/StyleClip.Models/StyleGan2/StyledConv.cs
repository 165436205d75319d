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

    /// <summary>Whether the weights are fixed.</summary>
    public bool IsFixed => _conv.IsFixed;

    /// <summary>[B, in, H, W], [B, in], [1, 1, H', W'] -> [B, out, H', W'] with H' = H or 2H</summary>
    public override Tensor forward(Tensor input, Tensor style, Tensor noise) => Activate(_conv.call(input, style), noise);

    /// <summary>The same, outside autograd and in strips of rows.</summary>
    public Tensor Fixed(Tensor input, Tensor style, Tensor noise)
    {
        using DisposeScope scope = NewDisposeScope();
        ModulatedConv2d.Modulation modulation = _conv.ModulationOf(style);
        long[] shape = [.. modulation.Factor.shape, .. noise.shape[2..]];
        IReadOnlyList<Strip> strips = Strip.Cut(shape[2], shape[0] * shape[1] * shape[3], step: 2, input.device_type);
        return scope.MoveToOuter(Strip.Join(input, shape, strips, (rows, into) =>
            FixedGradients.LeakyReluInto(AddNoiseAndBias(_conv.FixedRows(input, modulation, rows), rows.Of(noise)), into)));
    }

    /// <summary>Gradients of <see cref="Fixed"/>.</summary>
    /// <param name="input">[B, in, H, W], what it was given.</param>
    /// <param name="style">[B, in], likewise.</param>
    /// <param name="noise">[1, 1, H', W'], likewise.</param>
    /// <param name="output">[B, out, H', W'], what it gave.</param>
    /// <param name="gradient">[B, out, H', W'], of its result; used up.</param>
    public (Tensor Input, Tensor Style) FixedGradient(Tensor input, Tensor style, Tensor noise, Tensor output, Tensor gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        // A leaky ReLU is proportional on either side of 0, so its input times its input's gradient is output times gradient. Less the parts
        // of noise and bias that is the product for the convolved features, which were not kept.
        Tensor product = FixedGradients.Dot(gradient, output);
        FixedGradients.ThroughLeakyRelu(gradient, output);
        Tensor ofNoise = FixedGradients.Flat(gradient).mv(_noise.Scale(noise, LeakyRelu.Gain).view(-1)).view(product.shape);
        Tensor ofBias = gradient.sum([2, 3]) * _activate.PerPixel(LeakyRelu.Gain).view(1, -1);
        (Tensor ofInput, Tensor ofStyle) = _conv.FixedGradient(input, _conv.ModulationOf(style), gradient, product - ofNoise - ofBias);
        return (scope.MoveToOuter(ofInput), scope.MoveToOuter(ofStyle));
    }

    private Tensor Activate(Tensor features, Tensor noise)
    {
        using DisposeScope scope = NewDisposeScope();
        F.leaky_relu(AddNoiseAndBias(features, noise), LeakyRelu.Slope, inplace: true);
        return features;
    }

    // In place: the features are ours, nothing saved for the backward pass is overwritten, and fresh pages cost more than the sums.
    private Tensor AddNoiseAndBias(Tensor features, Tensor noise)
    {
        features.add_(_noise.Scale(noise, LeakyRelu.Gain));
        return features.add_(_activate.PerPixel(LeakyRelu.Gain));
    }
}
