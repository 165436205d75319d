using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.Identity;

/// <summary>Weighs each channel by a number in (0, 1) computed from all channels' means.</summary>
internal sealed class SqueezeExcitation : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "fc1")] private readonly Conv2d _squeeze;
    [ComponentName(Name = "fc2")] private readonly Conv2d _excite;

    public SqueezeExcitation(int channels, int reduction)
        : base(nameof(SqueezeExcitation))
    {
        _squeeze = nn.Conv2d(channels, channels / reduction, 1, bias: false);
        _excite = nn.Conv2d(channels / reduction, channels, 1, bias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        Tensor means = x.mean([2L, 3L], keepdim: true); // [B, C, 1, 1]
        return x * sigmoid(_excite.forward(nn.functional.relu(_squeeze.forward(means))));
    }
}
