namespace StyleClip.Contracts.Recipes;

/// <summary>
/// How it is found out, after a mapper's training, whether the prompt is one that the generator can draw. It changes nothing about the
/// mapper.
/// </summary>
public sealed record DomainRecipe
{
    /// <summary>Pictures of the generator's own among which those nearest to the prompt are looked for, 64 to 100,000.</summary>
    public int Pictures { get; init; } = 256;

    /// <summary>Latents that are optimised: the nearest ones, and as many held-out ones, 1 to 64.</summary>
    public int Latents { get; init; } = 4;

    /// <summary>Updates of each, 1 to 1,000.</summary>
    public int Steps { get; init; } = 30;
}
