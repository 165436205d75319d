using System.Text.Json;
using System.Text.Json.Nodes;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation;

/// <summary>Reads the prompts of a sweep.</summary>
/// <param name="context">What is known of packs.</param>
/// <param name="pack">The sweep's pack; null where it cannot be used, so that texts cannot be checked.</param>
/// <param name="recipe">The sweep's recipe; null where it cannot be told.</param>
internal sealed class PromptListReader(SweepSpecContext context, string? pack, RecipeSpec? recipe)
{
    // Stands in for a recipe that is wrong, so that the overrides are still looked at; the sweep is refused anyway.
    private static readonly RecipeSpec StandIn = new() { Name = "unknown", Steps = 10_000_000 };

    private readonly Dictionary<PromptSpec, SpecPath> _seen = [];

    /// <summary>How the edits of prompts are made that do not say it themselves.</summary>
    public EditMethod Method { get; init; }

    /// <summary>The rules of methods; absent where prompts have none.</summary>
    public MethodConsistency? Rules { get; init; }

    /// <summary>The rule of direction tables where each prompt is edited with one, whatever its method; else absent.</summary>
    public MethodConsistency? TableRule { get; init; }

    /// <summary>Most steps, which may make two recipes one.</summary>
    public int? StepBudget { get; init; }

    public IReadOnlyList<PromptSpec> Read(JsonArray? written, YamlCursor? cursor)
    {
        List<PromptSpec> prompts = [];
        for (int i = 0; i < (written?.Count ?? 0); i++)
        {
            if (written![i] is { } item && Read(item, cursor!.Item(i)) is { } prompt) prompts.Add(prompt);
        }

        return prompts;
    }

    private PromptSpec? Read(JsonNode written, YamlCursor cursor)
    {
        JsonObject fields = written as JsonObject ?? new JsonObject { ["text"] = written.DeepClone() };
        string? text = (string?)fields["text"], neutral = (string?)fields["neutral"];
        RecipeSpec resolved = recipe ?? StandIn;
        if (fields["overrides"] is JsonObject overrides && recipe is not null)
            resolved = RecipeReader.Build(recipe, overrides, cursor.Find("overrides")!);
        CheckText(text, cursor.Find("text") ?? cursor);
        CheckText(neutral, cursor.Find("neutral") ?? cursor);
        EditMethod? method = cursor.Find("method") is null ? Method : fields["method"]?.Deserialize<EditMethod>(ContractJson.Options);
        if (recipe is not null && method is { } known) Rules?.Check(known, resolved, cursor);
        if (recipe is not null) TableRule?.CheckTable(resolved, cursor);
        if (text is null) return null;

        var prompt = new PromptSpec { Text = text, Neutral = neutral, Recipe = resolved, Method = method ?? Method };
        // Where anything in a prompt is wrong, what it resolves to is not what the user meant.
        bool isKnown = (recipe is not null || fields["overrides"] is null) && !cursor.Mistakes.Has(cursor.Path);
        // Where methods have rules a prompt has one method, and what another would need does not tell two prompts apart.
        PromptSpec work = Rules is null ? prompt : prompt with { Recipe = resolved.For(prompt.Method, StepBudget) };
        if (isKnown && !_seen.TryAdd(work, cursor.Path))
            (cursor.Find("text") ?? cursor).Refuse($"must not be there twice: {_seen[work]} is the same text with the same recipe and method");
        return prompt;
    }

    private void CheckText(string? text, YamlCursor place)
    {
        if (text is not null && pack is not null && context.CheckText(pack, text) is { } problem) place.Refuse(problem);
    }
}
