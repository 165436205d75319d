using System.Text.Json.Nodes;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation.Shapes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation;

/// <summary>
/// Reads the YAML form of a <see cref="SweepSpec"/>. Besides the fields of the record: <c>recipe</c> is the name of a recipe, the path of a
/// recipe file, or a mapping of recipe fields, where <c>base</c> may name a recipe to begin with; a prompt is its text, or a mapping of
/// <c>text</c>, <c>neutral</c>, <c>method</c> and <c>overrides</c> (any recipe fields); <c>mapper.levels</c> may be a list; <c>method</c> is
/// that of the prompts that have none; a table is a mapping of its name and the fields of its spec.
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
        RequireWork(cursor);
        RecipeSpec? recipe = new RecipeReference(context).Read(fields["recipe"], cursor.Find("recipe"));
        BankSpec bank = BankConsistency.Complete(SpecParts.Part<BankSpec>(fields["bank"]), cursor.Find("bank"), context);
        BudgetSpec budget = SpecParts.Part<BudgetSpec>(fields["budget"]);
        var reader = new PromptListReader(context, pack, recipe)
        {
            Method = SpecParts.Choice<EditMethod>(fields["method"]),
            Rules = new MethodConsistency(context, pack, mistakes.Has(SpecPath.Root.Field("bank")) ? null : bank, cursor),
            StepBudget = budget.Steps,
        };
        IReadOnlyList<PromptSpec> prompts = reader.Read(fields["prompts"] as JsonArray, cursor.Find("prompts"));
        IReadOnlyList<TableSpec> tables = new TableListReader(context, pack).Read(fields["tables"] as JsonArray, cursor.Find("tables"));
        mistakes.ThrowIfAny();
        return new SweepSpec
        {
            Name = (string)fields["name"]!,
            Pack = pack!,
            Recipe = recipe,
            Prompts = prompts,
            Tables = tables,
            Bank = bank,
            Seed = (long?)fields["seed"] ?? 0,
            Budget = budget,
            Gate = SpecParts.Part<GateSpec>(fields["gate"]),
        };
    }

    private static void RequireWork(YamlCursor sweep)
    {
        bool hasPrompts = sweep.Find("prompts") is not null, hasTables = sweep.Find("tables") is not null;
        if (!hasPrompts && !hasTables) sweep.Miss("prompts", "is missing; a sweep has prompts, tables or both");
        if ((hasPrompts || !hasTables) && sweep.Find("recipe") is null) sweep.Miss("recipe", "is missing; prompts need it");
    }
}
