using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StyleClip.Models.Clip;

// B batch, T tokens, C channels, N heads
/// <summary>Self-attention with query, key and value packed in one projection.</summary>
internal sealed class MultiHeadAttention : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "in_proj_weight")] private readonly Parameter _inWeight;
    [ComponentName(Name = "in_proj_bias")] private readonly Parameter _inBias;
    [ComponentName(Name = "out_proj")] private readonly Linear _out;
    private readonly int _heads;
    private readonly bool _causal;

    public MultiHeadAttention(int width, int heads, bool causal)
        : base(nameof(MultiHeadAttention))
    {
        if (heads < 1 || width % heads != 0)
            throw new ArgumentException($"{heads} heads do not divide a width of {width}.", nameof(heads));
        (_heads, _causal) = (heads, causal);
        _inWeight = new Parameter(zeros(3 * width, width));
        _inBias = new Parameter(zeros(3 * width));
        _out = nn.Linear(width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        (long batch, long tokens, long width) = (x.shape[0], x.shape[1], x.shape[2]);
        Tensor packed = nn.functional.linear(x, _inWeight, _inBias)
            .view(batch, tokens, 3, _heads, width / _heads)
            .permute(2, 0, 3, 1, 4); // [3, B, N, T, C / N]
        Tensor mixed = nn.functional.scaled_dot_product_attention(packed[0], packed[1], packed[2], is_casual: _causal);
        return _out.forward(mixed.transpose(1, 2).reshape(batch, tokens, width)); // [B, T, C]
    }

    public void Initialize(double inStd, double outStd, Generator generator)
    {
        StyleGan2.Initialization.Normal(_inWeight, generator, inStd);
        nn.init.zeros_(_inBias);
        StyleGan2.Initialization.Normal(_out.weight!, generator, outStd);
        nn.init.zeros_(_out.bias!);
    }
}
