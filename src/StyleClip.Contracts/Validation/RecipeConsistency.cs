using System.Globalization;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation;

/// <summary>The rules of a recipe that concern several fields.</summary>
internal static class RecipeConsistency
{
    /// <summary>Adds a mistake for every rule that is broken, unless one of its fields is wrong already.</summary>
    public static void Check(RecipeSpec recipe, YamlCursor cursor)
    {
        BatchRecipe batch = recipe.Batch;
        if (batch.Size % batch.MicroShards != 0)
            Refuse(cursor, "batch.microShards", batch.MicroShards, "must divide", "batch.size", batch.Size);
        if (recipe.Mapper.MediumEnd <= recipe.Mapper.CoarseEnd)
            Refuse(cursor, "mapper.mediumEnd", recipe.Mapper.MediumEnd, "must be greater than", "mapper.coarseEnd", recipe.Mapper.CoarseEnd);
        if (recipe.Optimizer.WarmUpSteps > recipe.Steps)
            Refuse(cursor, "optimizer.warmUpSteps", recipe.Optimizer.WarmUpSteps, "must be at most", "steps", recipe.Steps);
        if (recipe.Optimization is { Kind: OptimizationKind.TediGan, Space: OptimizationSpace.StyleSpace } && !cursor.Mistakes.Has(Below(cursor.Path, "optimization")))
            cursor.Refuse(["optimization", "space"], "styleSpace", "must be wPlus; TediGAN's optimisation (optimization.kind tediGan) knows no other space");
    }

    // One of the two fields may come from a default or from another file: the mistake is where the user wrote something.
    private static void Refuse(YamlCursor cursor, string path, int value, string relation, string other, int otherValue)
    {
        if (cursor.Mistakes.Has(Below(cursor.Path, path)) || cursor.Mistakes.Has(Below(cursor.Path, other))) return;
        if (IsWritten(cursor, path) || !IsWritten(cursor, other))
            cursor.Refuse(path.Split('.'), Text(value), $"{relation} {other}, which is {Text(otherValue)}");
        else
            cursor.Refuse(other.Split('.'), Text(otherValue), $"does not go with {path}, which is {Text(value)} and {relation} it");
    }

    private static SpecPath Below(SpecPath start, string path) => path.Split('.').Aggregate(start, (at, field) => at.Field(field));

    private static bool IsWritten(YamlCursor cursor, string path)
    {
        YamlCursor? at = cursor;
        foreach (string field in path.Split('.')) at = at?.Find(field);
        return at is not null;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
