namespace StyleClip.Training.Optim;

/// <summary>Settings of <see cref="Ranger"/>; the defaults are those of StyleCLIP's mapper training.</summary>
public sealed record RangerOptions
{
    /// <summary>Step size, greater than 0.</summary>
    public double LearningRate { get; init; } = 0.5;

    /// <summary>Decay of the first moment, from 0 to below 1.</summary>
    public double Beta1 { get; init; } = 0.95;

    /// <summary>Decay of the second moment, from 0 to below 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Steps between two pulls of the look-ahead, 1 or more.</summary>
    public int LookAheadSteps { get; init; } = 6;

    /// <summary>Share of the way that the slow weights follow at each pull, from 0 to 1.</summary>
    public double LookAheadAlpha { get; init; } = 0.5;

    /// <summary>Decay of the weights themselves, scaled by the learning rate.</summary>
    public double WeightDecay { get; init; }

    /// <summary>
    /// Whether the gradient of every parameter of rank 2 or more loses its mean over all dimensions but the first. The original has a
    /// switch for this too but centralises whatever it says.
    /// </summary>
    public bool GradientCentralization { get; init; } = true;
}
