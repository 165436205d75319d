using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.Clip;

/// <summary>A stack of <see cref="ResidualAttentionBlock"/>s, <c>resblocks.0</c> and on; [B, T, C] to the same shape.</summary>
internal sealed class Transformer : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "resblocks")] private readonly ModuleList<ResidualAttentionBlock> _blocks;
    private readonly int _width;

    public Transformer(int width, int layers, int heads, bool causal)
        : base(nameof(Transformer))
    {
        _width = width;
        _blocks = nn.ModuleList([.. Enumerable.Range(0, layers).Select(_ => new ResidualAttentionBlock(width, heads, causal))]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        foreach (ResidualAttentionBlock block in _blocks) x = block.call(x);
        return x;
    }

    /// <summary>CLIP's initial weights: residual branches shrink with the depth so that the sum keeps its size.</summary>
    public void Initialize(Generator generator)
    {
        double attentionStd = Math.Pow(_width, -0.5);
        double projectionStd = attentionStd * Math.Pow(2 * _blocks.Count, -0.5);
        double feedForwardStd = Math.Pow(2 * _width, -0.5);
        foreach (ResidualAttentionBlock block in _blocks) block.Initialize(attentionStd, projectionStd, feedForwardStd, generator);
    }
}
