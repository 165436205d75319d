namespace StyleClip.Training.Optim;

/// <summary>Settings of <see cref="Adam"/>; the defaults are PyTorch's.</summary>
public sealed record AdamOptions
{
    /// <summary>Step size, greater than 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of the first moment, from 0 to below 1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment, from 0 to below 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the corrected second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;
}
