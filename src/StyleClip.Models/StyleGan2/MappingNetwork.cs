using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

/// <summary>A pixel norm, then activated linear layers of one width (StyleGAN, section 2). Mappers are built of the same stack.</summary>
internal sealed class MappingNetwork : nn.Module<Tensor, Tensor>
{
    private const double LearningRateMultiplier = 0.01;
    private readonly int _normDimension;
    private readonly EqualLinear[] _layers;

    /// <param name="width">Features in and out.</param>
    /// <param name="layers">Number of linear layers.</param>
    /// <param name="normDimension">The dimension that the pixel norm averages over.</param>
    public MappingNetwork(int width, int layers, int normDimension)
        : base(nameof(MappingNetwork))
    {
        _normDimension = normDimension;
        _layers = new EqualLinear[layers];
        for (int i = 0; i < layers; i++)
        {
            _layers[i] = new EqualLinear(width, width, learningRateMultiplier: LearningRateMultiplier, activated: true);
            register_module((i + 1).ToString(CultureInfo.InvariantCulture), _layers[i]); // 0 is the pixel norm, which has no tensors
        }
    }

    public void Initialize(torch.Generator random)
    {
        foreach (EqualLinear layer in _layers)
            layer.Initialize(random);
    }

    /// <summary>[B, .., width] -> [B, .., width]</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor output = PixelNorm.Apply(input, _normDimension);
        foreach (EqualLinear layer in _layers)
            output = layer.call(output);
        return scope.MoveToOuter(output);
    }
}
