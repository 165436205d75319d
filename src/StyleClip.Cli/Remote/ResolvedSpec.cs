using System.Text.Json;
using System.Text.Json.Nodes;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cli.Remote;

/// <summary>A spec that names recipe files of this machine, written so that it says the same where these are not: with their fields in it.</summary>
internal static class ResolvedSpec
{
    public static string Write(SweepSpec spec)
    {
        var fields = new JsonObject
        {
            ["name"] = spec.Name,
            ["pack"] = spec.Pack,
            ["bank"] = Bank(spec.Bank),
            ["seed"] = spec.Seed,
            ["budget"] = Node(spec.Budget),
            ["gate"] = Node(spec.Gate),
        };
        // A sweep without prompts has no recipe, and lists must not be empty.
        if (spec.Recipe is { } common)
        {
            JsonObject recipe = Recipe(common);
            fields["recipe"] = recipe;
            if (spec.Prompts.Count > 0) fields["prompts"] = new JsonArray([.. spec.Prompts.Select(prompt => Prompt(prompt, common, recipe))]);
        }

        if (spec.Tables.Count > 0) fields["tables"] = new JsonArray([.. spec.Tables.Select(Table)]);
        return fields.ToJsonString(ContractJson.Canonical);
    }

    private static JsonObject Prompt(PromptSpec prompt, RecipeSpec common, JsonObject commonFields)
    {
        var fields = new JsonObject { ["text"] = prompt.Text };
        if (prompt.Neutral is not null) fields["neutral"] = prompt.Neutral;
        if (prompt.Method != EditMethod.Mapper) fields["method"] = JsonSerializer.SerializeToNode(prompt.Method, ContractJson.Canonical);
        if (prompt.Recipe != common) fields["overrides"] = Difference(commonFields, Recipe(prompt.Recipe));
        return fields;
    }

    private static JsonObject Table(TableSpec table)
    {
        JsonObject fields = Node(table.Spec);
        fields["name"] = table.Name;
        return fields;
    }

    // Fields that mean nothing for a bank's source are refused where they are written.
    private static JsonObject Bank(BankSpec bank)
    {
        JsonObject fields = Node(bank);
        if (bank.Source == BankSource.File)
        {
            fields.Remove("truncation");
            fields.Remove("seed");
        }

        return fields;
    }

    // What makes one of the other: changed fields, and null where one has gone.
    private static JsonObject Difference(JsonObject from, JsonObject to)
    {
        var changed = new JsonObject();
        foreach (string name in from.Select(field => field.Key).Union(to.Select(field => field.Key)))
        {
            JsonNode? before = from[name], after = to[name];
            if (JsonNode.DeepEquals(before, after)) continue;
            changed[name] = before is JsonObject inner && after is JsonObject outer ? Difference(inner, outer) : after?.DeepClone();
        }

        return changed;
    }

    // Records have flags in one string, specs have them in a list.
    private static JsonObject Recipe(RecipeSpec recipe)
    {
        JsonObject fields = Node(recipe);
        JsonNode mapper = fields["mapper"]!;
        string[] levels = ((string)mapper["levels"]!).Split(", ");
        if (levels.Length > 1) mapper["levels"] = new JsonArray([.. levels.Select(level => JsonValue.Create(level))]);
        return fields;
    }

    private static JsonObject Node<T>(T value) => (JsonObject)JsonSerializer.SerializeToNode(value, ContractJson.Canonical)!;
}
