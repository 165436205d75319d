using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.Clip;

/// <summary>A pre-normalised transformer block: attention, then two linear layers, each added to its input.</summary>
internal sealed class ResidualAttentionBlock : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "ln_1")] private readonly LayerNorm _attentionNorm;
    [ComponentName(Name = "attn")] private readonly MultiHeadAttention _attention;
    [ComponentName(Name = "ln_2")] private readonly LayerNorm _feedForwardNorm;
    [ComponentName(Name = "mlp")] private readonly FeedForward _feedForward;

    public ResidualAttentionBlock(int width, int heads, bool causal)
        : base(nameof(ResidualAttentionBlock))
    {
        _attentionNorm = nn.LayerNorm(width);
        _attention = new MultiHeadAttention(width, heads, causal);
        _feedForwardNorm = nn.LayerNorm(width);
        _feedForward = new FeedForward(width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        Tensor attended = x + _attention.call(_attentionNorm.call(x));
        return attended + _feedForward.call(_feedForwardNorm.call(attended));
    }

    public void Initialize(double attentionStd, double projectionStd, double feedForwardStd, Generator generator)
    {
        _attention.Initialize(attentionStd, projectionStd, generator);
        _feedForward.Initialize(feedForwardStd, projectionStd, generator);
    }
}
