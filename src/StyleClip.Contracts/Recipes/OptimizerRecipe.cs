namespace StyleClip.Contracts.Recipes;

/// <summary>Update rule of the mapper's parameters.</summary>
public sealed record OptimizerRecipe
{
    /// <summary>Ranger in the published code.</summary>
    public OptimizerKind Kind { get; init; } = OptimizerKind.Ranger;

    /// <summary>Step size on the raw weights, greater than 0. 0.5 in the published code; raw weights have a standard deviation of 100.</summary>
    public double LearningRate { get; init; } = 0.5;

    /// <summary>How the learning rate moves over the steps.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Constant;

    /// <summary>Steps over which the learning rate rises linearly from 0.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>Decay of the first moment; absent: 0.95 for Ranger, 0.9 for Adam.</summary>
    public double? Beta1 { get; init; }

    /// <summary>Decay of the second moment; absent: 0.999.</summary>
    public double? Beta2 { get; init; }

    /// <summary>Denominator's floor; absent: 1e-5 for Ranger, 1e-8 for Adam.</summary>
    public double? Epsilon { get; init; }
}
