using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.Training.Optim;

/// <summary>
/// Rectified Adam (Liu et al. 2020) with look-ahead (Zhang et al. 2019) and gradient centralisation (Yong et al. 2020), in the order
/// of operations of the optimiser that StyleCLIP trains with.
/// </summary>
public sealed class Ranger : MapperOptimizer
{
    // Below this length of the moving average the variance of the adaptive rate is too large: plain momentum instead.
    private const double RectificationThreshold = 5;

    private readonly RangerOptions _options;
    private readonly Tensor[] _expAvg, _expAvgSq, _slow;

    /// <summary>Creates the optimiser with zero moments; look-ahead starts from the parameters as the first step finds them.</summary>
    /// <param name="parameters">Names and parameters, in the order of the gradients; they stay the caller's.</param>
    /// <param name="options">The settings.</param>
    public Ranger(IEnumerable<(string Name, Parameter Parameter)> parameters, RangerOptions options)
        : base(parameters, (options ?? throw new ArgumentNullException(nameof(options))).LearningRate)
    {
        _options = options;
        _expAvg = NewState("exp_avg");
        _expAvgSq = NewState("exp_avg_sq");
        _slow = NewState("slow");
    }

    private protected override void Advance(IReadOnlyList<Tensor> gradients)
    {
        (bool rectified, double size) = StepSize();
        bool pull = StepCount % _options.LookAheadSteps == 0;
        using Scalar beta1 = _options.Beta1, beta2 = _options.Beta2, oneMinusBeta1 = 1 - _options.Beta1, oneMinusBeta2 = 1 - _options.Beta2;
        using Scalar epsilon = _options.Epsilon, update = -size * LearningRate, decay = -_options.WeightDecay * LearningRate, alpha = _options.LookAheadAlpha;
        for (int i = 0; i < gradients.Count; i++)
        {
            Parameter parameter = Parameters[i].Parameter;
            if (StepCount == 1) _slow[i].copy_(parameter);
            Tensor gradient = Centralize(gradients[i]);
            _expAvgSq[i].mul_(beta2).addcmul_(gradient, gradient, oneMinusBeta2);
            _expAvg[i].mul_(beta1).add_(gradient, oneMinusBeta1);
            if (_options.WeightDecay != 0) parameter.add_(parameter, decay);
            if (rectified) parameter.addcdiv_(_expAvg[i], _expAvgSq[i].sqrt().add_(epsilon), update);
            else parameter.add_(_expAvg[i], update);
            if (pull) parameter.copy_(_slow[i].add_(parameter - _slow[i], alpha));
        }
    }

    private Tensor Centralize(Tensor gradient)
    {
        if (!_options.GradientCentralization || gradient.dim() < 2) return gradient;
        long[] allButFirst = [.. Enumerable.Range(1, (int)gradient.dim() - 1)];
        return gradient - gradient.mean(allButFirst, keepdim: true);
    }

    // Liu et al. 2020, algorithm 2; the bias correction of the first moment is folded in.
    private (bool Rectified, double Size) StepSize()
    {
        double beta2Power = Math.Pow(_options.Beta2, StepCount);
        double longest = (2 / (1 - _options.Beta2)) - 1;
        double length = longest - (2 * StepCount * beta2Power / (1 - beta2Power));
        double correction = 1 - Math.Pow(_options.Beta1, StepCount);
        if (length <= RectificationThreshold) return (false, 1 / correction);
        double rectification = (1 - beta2Power) * (length - 4) / (longest - 4) * (length - 2) / length * longest / (longest - 2);
        return (true, Math.Sqrt(rectification) / correction);
    }
}
