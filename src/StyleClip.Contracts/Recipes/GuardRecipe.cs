namespace StyleClip.Contracts.Recipes;

/// <summary>Limits whose breach stops a job with a reason. A loss or gradient that is not finite always does.</summary>
public sealed record GuardRecipe
{
    /// <summary>The job stops when the validation objective exceeds the first one by this factor, greater than 1.</summary>
    public double DivergenceFactor { get; init; } = 2.0;

    /// <summary>Validations in a row above <see cref="DivergenceFactor"/> that are tolerated, at least 0.</summary>
    public int DivergencePatience { get; init; } = 1;
}
