using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

/// <summary>
/// Holds the low-pass filter [1, 3, 3, 1] x [1, 3, 3, 1] of a layer that doubles the resolution. It sums to 4, which makes up for
/// the zeros between the pixels. It is a buffer because the published files have it.
/// </summary>
internal sealed class FirKernel : nn.Module
{
    public const int Taps = 4;
    private static readonly float[] Taps1D = [0.25f, 0.75f, 0.75f, 0.25f];
    [ComponentName(Name = "kernel")]
    private readonly Tensor _kernel;

    public FirKernel()
        : base(nameof(FirKernel))
    {
        using Tensor line = tensor(Taps1D);
        _kernel = outer(line, line).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>The kernel as the weight of a convolution with one group per channel: [C, 1, 4, 4].</summary>
    public Tensor PerChannel(long channels) => _kernel.expand(channels, 1, Taps, Taps);
}
