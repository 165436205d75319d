using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StyleClip.Training.Optim;

/// <summary>
/// Updates an ordered list of parameters in place. The whole memory of the update rule is <see cref="State"/> and
/// <see cref="StepCount"/>: an optimiser restored from both continues bit by bit as if it had never stopped.
/// </summary>
[SuppressMessage("Naming", "CA1716", Justification = "step is the word of every optimiser; Visual Basic can escape it")]
public interface IMapperOptimizer : IDisposable
{
    /// <summary>Completed steps.</summary>
    long StepCount { get; }

    /// <summary>Step size of the next step; a schedule sets it before each.</summary>
    double LearningRate { get; set; }

    /// <summary>
    /// The live state, owned by the optimiser, named <c>exp_avg.P</c>, <c>exp_avg_sq.P</c> and, for Ranger, <c>slow.P</c> for each
    /// parameter name P. Clone or write it before the next step.
    /// </summary>
    IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Updates the parameters from gradients given in the order of the parameters, which are left as they are.</summary>
    /// <param name="gradients">One tensor a parameter, of its shape, type and device.</param>
    /// <exception cref="ArgumentException">Number, shape or type differ; nothing has been changed then.</exception>
    void Step(IReadOnlyList<Tensor> gradients);

    /// <summary>Updates the parameters from the gradients that autograd left at them.</summary>
    /// <exception cref="InvalidOperationException">A parameter has no gradient.</exception>
    void Step();

    /// <summary>Copies a saved state over the present one.</summary>
    /// <param name="state">Exactly the names and shapes of <see cref="State"/>.</param>
    /// <param name="stepCount">The steps completed when it was saved, 0 or more.</param>
    /// <exception cref="Models.Weights.WeightsException">Names are missing or surplus, or shapes differ; all are listed.</exception>
    void Restore(IReadOnlyDictionary<string, Tensor> state, long stepCount);
}
