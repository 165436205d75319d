using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.Identity;

/// <summary>A residual unit: normalise, convolve, PReLU, convolve with the stride, normalise, weigh channels, add the shortcut.</summary>
internal sealed class IrSeUnit : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "res_layer")] private readonly Sequential _residual;
    [ComponentName(Name = "shortcut_layer")] private readonly Sequential? _shortcut;
    private readonly int _stride;

    public IrSeUnit(int channelsIn, int channelsOut, int stride, int reduction)
        : base(nameof(IrSeUnit))
    {
        _stride = stride;
        if (channelsIn != channelsOut)
        {
            _shortcut = nn.Sequential(
                ("0", nn.Conv2d(channelsIn, channelsOut, 1, stride: stride, bias: false)),
                ("1", nn.BatchNorm2d(channelsOut)));
        }

        _residual = nn.Sequential(
            ("0", nn.BatchNorm2d(channelsIn)),
            ("1", nn.Conv2d(channelsIn, channelsOut, 3, padding: 1, bias: false)),
            ("2", nn.PReLU(channelsOut)),
            ("3", nn.Conv2d(channelsOut, channelsOut, 3, stride: stride, padding: 1, bias: false)),
            ("4", nn.BatchNorm2d(channelsOut)),
            ("5", new SqueezeExcitation(channelsOut, reduction)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => _residual.forward(x) + Shortcut(x);

    private Tensor Shortcut(Tensor x)
    {
        if (_shortcut is not null) return _shortcut.forward(x);
        return _stride == 1 ? x : nn.functional.max_pool2d(x, 1, _stride); // every second pixel
    }
}
