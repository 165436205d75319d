namespace StyleClip.Contracts.Recipes;

/// <summary>Global batch of a step.</summary>
public sealed record BatchRecipe
{
    /// <summary>Latents per step, 1 to 4,096. 2 in the published code.</summary>
    public int Size { get; init; } = 2;

    /// <summary>
    /// Equal slices of the batch, the unit of gradient work; divides <see cref="Size"/>. It bounds how many devices can share a job, and is
    /// part of what the mapper's bytes depend on.
    /// </summary>
    public int MicroShards { get; init; } = 1;
}
