using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

/// <summary>The learned 4x4 features that synthesis starts from.</summary>
internal sealed class ConstantInput : nn.Module
{
    public const int Size = 4;
    [ComponentName(Name = "input")]
    private readonly Parameter _input;

    public ConstantInput(int channels)
        : base(nameof(ConstantInput))
    {
        _input = new Parameter(zeros(1, channels, Size, Size));
        RegisterComponents();
    }

    /// <summary>[1, C, 4, 4]; it broadcasts over the batch.</summary>
    public Tensor Features => _input;

    public void Initialize(torch.Generator random) => Initialization.Normal(_input, random);
}
