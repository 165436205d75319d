namespace StyleClip.Contracts.Recipes;

/// <summary>How latents are optimised towards a prompt, one after the other (StyleCLIP, section 4).</summary>
public sealed record OptimizationRecipe
{
    /// <summary>Which optimisation: StyleCLIP's, TediGAN's, or free generation, which makes one picture of the text.</summary>
    public OptimizationKind Kind { get; init; } = OptimizationKind.StyleClip;

    /// <summary>What is changed. TediGAN's works in W+ only.</summary>
    public OptimizationSpace Space { get; init; } = OptimizationSpace.WPlus;

    /// <summary>Where TediGAN's starts; StyleCLIP's starts at the code that it edits, free generation at the mean latent.</summary>
    public OptimizationStart Start { get; init; } = OptimizationStart.Mean;

    /// <summary>Latents to optimise: the first held-out ones of the bank, 1 to 100,000. Free generation ignores it and makes one.</summary>
    public int Count { get; init; } = 8;

    /// <summary>Updates of each latent, 1 to 1,000,000. Absent: as published, 300, or 200 for TediGAN's.</summary>
    public int? Steps { get; init; }

    /// <summary>Adam's highest learning rate. It rises over a twentieth of the steps and falls over the last quarter.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Weight of the squared distance from the start, summed. TediGAN's has its published weights instead, free generation none.</summary>
    public double LatentL2 { get; init; } = 0.008;

    /// <summary>Weight of the identity term; ignored for packs without an identity network, by TediGAN's and by free generation.</summary>
    public double Identity { get; init; } = 0.005;
}
