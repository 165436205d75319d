namespace StyleClip.Contracts.Recipes;

/// <summary>Measuring on the bank's held-out latents.</summary>
public sealed record ValidationRecipe
{
    /// <summary>Steps between validations, at least 1. It is also measured where training ends.</summary>
    public int EverySteps { get; init; } = 50;

    /// <summary>Latents per forward pass, 1 to 4,096.</summary>
    public int BatchSize { get; init; } = 8;
}
