using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

/// <summary>The bias that a styled layer adds before its activation.</summary>
internal sealed class Bias : nn.Module
{
    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    public Bias(int channels)
        : base(nameof(Bias))
    {
        _bias = new Parameter(zeros(channels));
        RegisterComponents();
    }

    /// <summary>[1, C, 1, 1]</summary>
    public Tensor PerPixel(double gain) => (_bias * gain).view(1, -1, 1, 1);

    public void Initialize() => Initialization.Constant(_bias, 0);
}
