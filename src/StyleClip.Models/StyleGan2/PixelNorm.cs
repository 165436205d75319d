using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

/// <summary>Divides by the root mean square over one dimension.</summary>
internal static class PixelNorm
{
    private const double Epsilon = 1e-8;

    public static Tensor Apply(Tensor input, int dimension)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor meanSquare = (input * input).mean([dimension], keepdim: true);
        return scope.MoveToOuter(input * (meanSquare + Epsilon).rsqrt());
    }
}
