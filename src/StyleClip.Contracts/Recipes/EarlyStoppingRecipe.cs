namespace StyleClip.Contracts.Recipes;

/// <summary>Ends training when the validation objective stops falling.</summary>
public sealed record EarlyStoppingRecipe
{
    /// <summary>Validations without an improvement before training ends, at least 1.</summary>
    public int Patience { get; init; } = 4;

    /// <summary>Fall of the objective that counts as an improvement, at least 0.</summary>
    public double MinImprovement { get; init; } = 0.001;
}
