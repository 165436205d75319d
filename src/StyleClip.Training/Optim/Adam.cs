using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.Training.Optim;

/// <summary>Adam (Kingma and Ba 2015) as PyTorch computes it, without weight decay.</summary>
public sealed class Adam : MapperOptimizer
{
    private readonly AdamOptions _options;
    private readonly Tensor[] _expAvg, _expAvgSq;

    /// <summary>Creates the optimiser with zero moments.</summary>
    /// <param name="parameters">Names and parameters, in the order of the gradients; they stay the caller's.</param>
    /// <param name="options">The settings.</param>
    public Adam(IEnumerable<(string Name, Parameter Parameter)> parameters, AdamOptions options)
        : base(parameters, (options ?? throw new ArgumentNullException(nameof(options))).LearningRate)
    {
        _options = options;
        _expAvg = NewState("exp_avg");
        _expAvgSq = NewState("exp_avg_sq");
    }

    private protected override void Advance(IReadOnlyList<Tensor> gradients)
    {
        double correction1 = 1 - Math.Pow(_options.Beta1, StepCount);
        double correction2 = Math.Sqrt(1 - Math.Pow(_options.Beta2, StepCount));
        using Scalar beta1 = _options.Beta1, beta2 = _options.Beta2, oneMinusBeta1 = 1 - _options.Beta1, oneMinusBeta2 = 1 - _options.Beta2;
        using Scalar epsilon = _options.Epsilon, root2 = correction2, update = -LearningRate / correction1;
        for (int i = 0; i < gradients.Count; i++)
        {
            _expAvg[i].mul_(beta1).add_(gradients[i], oneMinusBeta1);
            _expAvgSq[i].mul_(beta2).addcmul_(gradients[i], gradients[i], oneMinusBeta2);
            Tensor denominator = _expAvgSq[i].sqrt().div_(root2).add_(epsilon);
            Parameters[i].Parameter.addcdiv_(_expAvg[i], denominator, update);
        }
    }
}
