using StyleClip.Contracts.Edits;

namespace StyleClip.Contracts.Recipes;

/// <summary>What a recipe says to each of the methods.</summary>
public static class MethodRecipes
{
    private const int StyleClipSteps = 300;
    private const int TediGanSteps = 200;

    /// <summary>
    /// The part of the recipe that decides a result of <paramref name="method"/>. Everything else is left at its defaults, so that it does
    /// not change the job's id.
    /// </summary>
    /// <param name="recipe">The whole recipe.</param>
    /// <param name="method">How the edit is made.</param>
    /// <param name="budget">Most steps: of a mapper's training, or of each latent's optimisation.</param>
    public static RecipeSpec For(this RecipeSpec recipe, EditMethod method, int? budget)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return method switch
        {
            EditMethod.Optimization => Optimization(recipe, budget),
            EditMethod.Direction => Rest(recipe) with { Steps = 1, Direction = recipe.Direction ?? new DirectionRecipe() },
            _ => recipe with { Steps = Math.Min(recipe.Steps, budget ?? recipe.Steps), Optimization = null, Direction = null },
        };
    }

    /// <summary>Updates of each latent.</summary>
    public static int StepsOrPublished(this OptimizationRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return recipe.Steps ?? (recipe.Kind == OptimizationKind.TediGan ? TediGanSteps : StyleClipSteps);
    }

    private static RecipeSpec Optimization(RecipeSpec recipe, int? budget)
    {
        OptimizationRecipe optimization = recipe.Optimization ?? new OptimizationRecipe();
        if (optimization.Kind == OptimizationKind.Free)
            optimization = optimization with { Count = 1, Start = OptimizationStart.Mean, LatentL2 = 0, Identity = 0 };
        int steps = Math.Min(optimization.StepsOrPublished(), budget ?? int.MaxValue);
        return Rest(recipe) with { Steps = steps * optimization.Count, Optimization = optimization with { Steps = steps } };
    }

    private static RecipeSpec Rest(RecipeSpec recipe) => new()
    {
        Name = recipe.Name,
        Steps = 1,
        Loss = new LossRecipe { ClipInput = recipe.Loss.ClipInput },
        Validation = new ValidationRecipe { BatchSize = recipe.Validation.BatchSize },
        StripFaces = recipe.StripFaces,
    };
}
