using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.Clip;

/// <summary>The two linear layers of a block, four times as wide in the middle.</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "c_fc")] private readonly Linear _widen;
    [ComponentName(Name = "c_proj")] private readonly Linear _project;

    public FeedForward(int width)
        : base(nameof(FeedForward))
    {
        _widen = nn.Linear(width, 4 * width);
        _project = nn.Linear(4 * width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        Tensor wide = _widen.forward(x);
        return _project.forward(wide * sigmoid(1.702 * wide)); // CLIP's approximation of GELU
    }

    public void Initialize(double widenStd, double projectStd, Generator generator)
    {
        StyleGan2.Initialization.Normal(_widen.weight!, generator, widenStd);
        nn.init.zeros_(_widen.bias!);
        StyleGan2.Initialization.Normal(_project.weight!, generator, projectStd);
        nn.init.zeros_(_project.bias!);
    }
}
