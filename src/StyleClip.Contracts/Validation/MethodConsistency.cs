using System.Globalization;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation;

/// <summary>The rules of a prompt that depend on how its edit is made.</summary>
/// <param name="context">What is known of packs.</param>
/// <param name="pack">The sweep's pack; null where it cannot be used.</param>
/// <param name="bank">The sweep's bank; null where it cannot be told, or where nothing depends on it.</param>
/// <param name="sweep">The whole document: what a prompt leaves open is written there.</param>
internal sealed class MethodConsistency(SweepSpecContext context, string? pack, BankSpec? bank, YamlCursor sweep)
{
    /// <summary>Adds a mistake for every rule that is broken.</summary>
    public void Check(EditMethod method, RecipeSpec recipe, YamlCursor prompt)
    {
        if (NeedOfNeutral(method, recipe) is { } need && prompt.Find("neutral") is null) prompt.Miss("neutral", $"is missing; {need}");
        if (method == EditMethod.Direction) CheckTable(recipe, prompt);
        if (method == EditMethod.Optimization) CheckCount(recipe.Optimization ?? new OptimizationRecipe(), prompt);
    }

    /// <summary>Adds a mistake where the direction table of a prompt cannot be measured.</summary>
    public void CheckTable(RecipeSpec recipe, YamlCursor prompt)
    {
        DirectionTableSpec table = (recipe.Direction ?? new DirectionRecipe()).Table;
        if (pack is not null && context.CheckTable(pack, table) is { } problem)
            Refuse(prompt, ["direction", "table", "lastLayer"], table.LastLayer ?? 0, problem);
    }

    private static string? NeedOfNeutral(EditMethod method, RecipeSpec recipe) => method switch
    {
        EditMethod.Direction => "method direction goes from this text, which describes the unedited image, to the prompt",
        EditMethod.Mapper when recipe.Loss.ClipTarget == ClipTarget.Directional => "loss.clipTarget directional compares the prompt with it",
        _ => null,
    };

    private void CheckCount(OptimizationRecipe recipe, YamlCursor prompt)
    {
        if (recipe.Kind == OptimizationKind.Free) return; // it starts from the mean latent
        if (bank is not null && recipe.Count > bank.Validation)
            Refuse(prompt, ["optimization", "count"], recipe.Count, $"must be at most bank.validation, which is {Text(bank.Validation)}: held-out latents are optimised");
    }

    // The mistake is where the user wrote the value: with the prompt, in the sweep's recipe, or nowhere, where it is a default.
    private void Refuse(YamlCursor prompt, string[] fields, int value, string rule)
    {
        YamlCursor? place = new[] { prompt.Find("overrides"), sweep.Find("recipe") }
            .FirstOrDefault(start => start is not null && fields.Aggregate<string, YamlCursor?>(start, (at, field) => at?.Find(field)) is not null);
        if (place is null) prompt.Refuse(["overrides", .. fields], Text(value), rule);
        else if (!place.Mistakes.Has(fields.Aggregate(place.Path, (at, field) => at.Field(field)))) place.Refuse(fields, Text(value), rule);
    }

    private static string Text(int value) => value.ToString("n0", CultureInfo.InvariantCulture);
}
