using StyleClip.Contracts.Recipes;

namespace StyleClip.Training.Mapping;

/// <summary>The weighted sum of a recipe's terms.</summary>
internal static class LossWeights
{
    public static double Objective(this LossRecipe loss, double clip, double? identity, double latentL2) =>
        (loss.Clip * clip) + (loss.Identity * (identity ?? 0)) + (loss.LatentL2 * latentL2);
}
