using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace StyleClip.Models.StyleGan2;

/// <summary>
/// The 3x3 convolution of a styled layer (StyleGAN2, section 2.2). The paper scales each sample's weights by its style and
/// normalises them. Scaling the input and the output instead gives the same result, shares one weight over the batch, and
/// leaves no weight gradient to compute while the generator is frozen.
/// </summary>
internal sealed class ModulatedConv2d : nn.Module<Tensor, Tensor, Tensor>
{
    private const int KernelSize = 3;
    private const double Epsilon = 1e-8;
    private readonly double _scale;
    private readonly double _gain;
    [ComponentName(Name = "modulation")]
    private readonly EqualLinear _modulation;
    [ComponentName(Name = "blur")]
    private readonly FirKernel? _blur;
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // [1, out, in, 3, 3], the published shape
    private Tensor? _squaredSums;

    /// <param name="inputs">Channels in.</param>
    /// <param name="outputs">Channels out.</param>
    /// <param name="styleDim">Length of w.</param>
    /// <param name="upsample">Whether the resolution doubles.</param>
    /// <param name="gain">Factor of the output, applied with the normalisation.</param>
    public ModulatedConv2d(int inputs, int outputs, int styleDim, bool upsample, double gain)
        : base(nameof(ModulatedConv2d))
    {
        _scale = 1 / Math.Sqrt(inputs * KernelSize * KernelSize);
        _gain = gain;
        _weight = new Parameter(zeros([1, outputs, inputs, KernelSize, KernelSize]));
        _modulation = new EqualLinear(styleDim, inputs, initialBias: 1);
        if (upsample)
            _blur = new FirKernel();
        RegisterComponents();
    }

    /// <summary>[B, D] -> [B, in]</summary>
    public Tensor Modulate(Tensor w) => _modulation.call(w);

    public void Initialize(torch.Generator random)
    {
        Initialization.Normal(_weight, random);
        _modulation.Initialize(random);
    }

    /// <summary>Keeps the sums of squared weights, which no longer change.</summary>
    public void Freeze()
    {
        using IDisposable noGrad = no_grad();
        _squaredSums?.Dispose();
        _squaredSums = SquaredSums().DetachFromDisposeScope();
    }

    /// <summary>Whether the weights are fixed: <see cref="Freeze"/> was called and none of them takes gradients.</summary>
    public bool IsFixed => _squaredSums is not null && !_weight.requires_grad;

    /// <summary>[B, in, H, W], [B, in] -> [B, out, H, W] or [B, out, 2H, 2W]</summary>
    public override Tensor forward(Tensor input, Tensor style)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor scaledStyle = style * _scale;
        Tensor modulated = input * PerPixel(scaledStyle);
        Tensor weight = _weight[0]; // [out, in, 3, 3]
        Tensor features = _blur is null
            ? F.conv2d(modulated, weight, padding: [1, 1])
            : Upsample(modulated, weight, _blur);
        return scope.MoveToOuter(features * PerPixel(Demodulation(scaledStyle).Factor));
    }

    /// <summary>What a style makes of the fixed weights.</summary>
    public Modulation ModulationOf(Tensor style)
    {
        Tensor scaledStyle = style * _scale;
        (Tensor factor, Tensor squaredNorm) = Demodulation(scaledStyle);
        return new(scaledStyle, factor, squaredNorm);
    }

    /// <summary>Rows of the result, outside autograd; a view of a larger tensor.</summary>
    /// <param name="input">[B, in, H, W], all of it.</param>
    /// <param name="modulation">What the style makes of the weights.</param>
    /// <param name="rows">Which rows of the result; from an even one on, where the resolution doubles.</param>
    public Tensor FixedRows(Tensor input, Modulation modulation, Strip rows)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = _weight[0]; // [out, in, 3, 3]
        Strip read = (_blur is null ? rows : new Strip(rows.First / 2, rows.Count / 2)).Widened(1, 1, input.shape[2]);
        using Tensor modulated = read.Of(input) * PerPixel(modulation.ScaledStyle);
        if (_blur is null)
        {
            Tensor features = F.conv2d(modulated, weight, padding: [1, 1]);
            return scope.MoveToOuter(rows.Within(read.First).Of(features).mul_(PerPixel(modulation.Factor)));
        }

        // The outer rows of these lack a neighbour's part, and none of the wanted rows reads them.
        using Tensor doubled = F.conv_transpose2d(modulated, weight.transpose(0, 1), strides: [2, 2]);
        modulated.Dispose();
        Tensor blurred = F.conv2d(doubled, _blur.PerChannel(doubled.shape[1]), padding: [1, 1], groups: doubled.shape[1]);
        return scope.MoveToOuter(rows.Within(2 * read.First).Of(blurred).mul_(PerPixel(modulation.Factor)));
    }

    /// <summary>Gradients of the result of all rows.</summary>
    /// <param name="input">[B, in, H, W], what it was given.</param>
    /// <param name="modulation">What the style makes of the weights.</param>
    /// <param name="gradient">[B, out, H', W'], of the result; used up.</param>
    /// <param name="product">[B, out], sum over the pixels of result times gradient.</param>
    public (Tensor Input, Tensor Style) FixedGradient(Tensor input, Modulation modulation, Tensor gradient, Tensor product)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor scaledStyle = modulation.ScaledStyle;
        // The factor is gain / sqrt(n + epsilon): its derivative by n is -factor / (2 (n + epsilon)), and product / factor belongs to it.
        Tensor ofNorm = product / (-2 * (modulation.SquaredNorm + Epsilon)); // [B, out]
        Tensor ofStyle = 2 * scaledStyle * ofNorm.mm(_squaredSums ?? SquaredSums());
        IReadOnlyList<Strip> strips = Strip.Cut(input.shape[2], gradient.numel() / input.shape[2], step: 1, input.device_type);
        Tensor ofInput = Strip.Join(input, input.shape, strips, (rows, into) =>
        {
            Tensor ofModulated = FixedGradientRows(gradient, modulation, rows);
            ofStyle.add_(FixedGradients.Dot(ofModulated, rows.Of(input)));
            FixedGradients.MultiplyInto(ofModulated, PerPixel(scaledStyle), into);
        });
        gradient.Dispose();
        return (scope.MoveToOuter(ofInput), scope.MoveToOuter(ofStyle * _scale));
    }

    // Of the modulated input, [B, in, rows, W].
    private Tensor FixedGradientRows(Tensor gradient, Modulation modulation, Strip rows)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = _weight[0], factor = PerPixel(modulation.Factor);
        if (_blur is null)
        {
            Strip near = rows.Widened(1, 1, gradient.shape[2]);
            return scope.MoveToOuter(rows.Within(near.First).Of(F.conv_transpose2d(near.Of(gradient) * factor, weight, padding: [1, 1])));
        }

        // The filter is symmetric: its transpose is the filter itself.
        Strip read = new Strip(2 * rows.First, (2 * rows.Count) + 1).Widened(2, 1, gradient.shape[2]);
        using Tensor scaled = read.Of(gradient) * factor;
        Tensor doubled = F.conv2d(scaled, _blur.PerChannel(gradient.shape[1]), padding: [2, 2], groups: gradient.shape[1]);
        scaled.Dispose();
        return scope.MoveToOuter(rows.Within(read.First / 2).Of(F.conv2d(doubled, weight.transpose(0, 1), strides: [2, 2])));
    }

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        if (_squaredSums is not null)
            Freeze();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _squaredSums?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>[B, in] -> the factor of the output and the squared norm of the weights, both [B, out]</summary>
    private (Tensor Factor, Tensor SquaredNorm) Demodulation(Tensor scaledStyle)
    {
        Tensor squaredNorm = F.linear(scaledStyle * scaledStyle, _squaredSums ?? SquaredSums());
        return ((squaredNorm + Epsilon).rsqrt() * _gain, squaredNorm);
    }

    private static Tensor Upsample(Tensor input, Tensor weight, FirKernel blur)
    {
        Tensor doubled = F.conv_transpose2d(input, weight.transpose(0, 1), strides: [2, 2]); // [B, out, 2H + 1, 2W + 1]
        return F.conv2d(doubled, blur.PerChannel(doubled.shape[1]), padding: [1, 1], groups: doubled.shape[1]);
    }

    private static Tensor PerPixel(Tensor perChannel) => FixedGradients.PerPixel(perChannel);

    private Tensor SquaredSums() => (_weight * _weight).sum([3, 4]).squeeze(0); // [out, in]

    /// <summary>What a style makes of fixed weights.</summary>
    /// <param name="ScaledStyle">Factor of the input, [B, in].</param>
    /// <param name="Factor">Factor of the output, [B, out].</param>
    /// <param name="SquaredNorm">Squared norm of the modulated weights, [B, out].</param>
    internal sealed record Modulation(Tensor ScaledStyle, Tensor Factor, Tensor SquaredNorm);
}
