using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace StyleClip.Models.StyleGan2;

/// <summary>
/// Linear layer with an equalised learning rate (StyleGAN2, appendix B): the stored weight has unit variance divided by the
/// learning-rate multiplier, and is scaled when it is used.
/// </summary>
internal sealed class EqualLinear : nn.Module<Tensor, Tensor>
{
    private readonly double _learningRateMultiplier;
    private readonly double _initialBias;
    private readonly bool _activated;
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;
    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    /// <param name="inputs">Features in.</param>
    /// <param name="outputs">Features out.</param>
    /// <param name="initialBias">Value that <see cref="Initialize"/> gives the bias.</param>
    /// <param name="learningRateMultiplier">1, or 0.01 in mapping networks.</param>
    /// <param name="activated">Whether a leaky ReLU follows.</param>
    public EqualLinear(int inputs, int outputs, double initialBias = 0, double learningRateMultiplier = 1, bool activated = false)
        : base(nameof(EqualLinear))
    {
        _initialBias = initialBias;
        _learningRateMultiplier = learningRateMultiplier;
        _activated = activated;
        _weight = new Parameter(zeros(outputs, inputs));
        _bias = new Parameter(full(outputs, initialBias));
        RegisterComponents();
    }

    /// <summary>Draws the weight and resets the bias.</summary>
    public void Initialize(torch.Generator random)
    {
        Initialization.Normal(_weight, random, 1 / _learningRateMultiplier);
        Initialization.Constant(_bias, _initialBias);
    }

    /// <summary>[.., inputs] -> [.., outputs]</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        double scale = _learningRateMultiplier / Math.Sqrt(_weight.shape[1]);
        Tensor bias = _learningRateMultiplier == 1 ? _bias : _bias * _learningRateMultiplier;
        Tensor output = F.linear(input * scale, _weight, bias); // the input is smaller than the weight, so it takes the scale
        return scope.MoveToOuter(_activated ? F.leaky_relu(output, LeakyRelu.Slope) * LeakyRelu.Gain : output);
    }
}
