using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

/// <summary>The learned strength of a layer's noise.</summary>
internal sealed class NoiseInjection : nn.Module
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _strength;

    public NoiseInjection()
        : base(nameof(NoiseInjection))
    {
        _strength = new Parameter(zeros(1));
        RegisterComponents();
    }

    /// <summary>[1, 1, H, W] -> [1, 1, H, W]</summary>
    public Tensor Scale(Tensor noise, double gain) => noise * (_strength * gain);

    public void Initialize() => Initialization.Constant(_strength, 0);
}
