using System.Text.Json.Nodes;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation.Shapes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation;

/// <summary>
/// Reads the YAML form of a <see cref="SweepSpec"/>. Besides the fields of the record: <c>recipe</c> is the name of a recipe, the path of a
/// recipe file, or a mapping of recipe fields, where <c>base</c> may name a recipe to begin with; a prompt is its text, or a mapping of
/// <c>text</c>, <c>neutral</c> and <c>overrides</c> (any recipe fields); <c>mapper.levels</c> may be a list.
/// </summary>
public static class SweepSpecReader
{
    /// <summary>Reads a sweep.</summary>
    /// <param name="yaml">The file's text.</param>
    /// <param name="fileName">The file's name, for messages.</param>
    /// <param name="context">What is known of recipes and packs.</param>
    /// <exception cref="SpecException">The file is not a valid sweep; the exception holds every mistake, those of recipe files
    /// included.</exception>
    public static SweepSpec Read(string yaml, string fileName, SweepSpecContext context)
    {
        var mistakes = new SpecMistakes(fileName);
        if (YamlDocument.Read(yaml, mistakes) is not { } root) throw mistakes.Exception();
        var cursor = new YamlCursor(root, SpecPath.Root, mistakes);
        if (!SpecShapes.Sweep.TryRead(cursor, out JsonNode? read)) throw mistakes.Exception();

        var fields = (JsonObject)read!;
        string? pack = SpecParts.Pack(fields, cursor, context);
        RecipeSpec? recipe = new RecipeReference(context).Read(fields["recipe"], cursor.Find("recipe"));
        IReadOnlyList<PromptSpec> prompts = new PromptListReader(context, pack, recipe)
            .Read(fields["prompts"] as JsonArray, cursor.Find("prompts"));
        BankSpec bank = BankConsistency.Complete(SpecParts.Part<BankSpec>(fields["bank"]), cursor.Find("bank"), context);
        mistakes.ThrowIfAny();
        return new SweepSpec
        {
            Name = (string)fields["name"]!,
            Pack = pack!,
            Recipe = recipe!,
            Prompts = prompts,
            Bank = bank,
            Seed = (long?)fields["seed"] ?? 0,
            Budget = SpecParts.Part<BudgetSpec>(fields["budget"]),
            Gate = SpecParts.Part<GateSpec>(fields["gate"]),
        };
    }
}
