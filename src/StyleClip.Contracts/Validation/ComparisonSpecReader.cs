using System.Text.Json;
using System.Text.Json.Nodes;
using StyleClip.Contracts.Comparisons;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation.Shapes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation;

/// <summary>
/// Reads the YAML form of a <see cref="ComparisonSpec"/>. <c>recipe</c> and the <c>overrides</c> of a prompt are written as in a sweep.
/// </summary>
public static class ComparisonSpecReader
{
    /// <summary>Reads a comparison.</summary>
    /// <param name="yaml">The file's text.</param>
    /// <param name="fileName">The file's name, for messages.</param>
    /// <param name="context">What is known of recipes and packs.</param>
    /// <exception cref="SpecException">The file is not a valid comparison; the exception holds every mistake, those of recipe files
    /// included.</exception>
    public static ComparisonSpec Read(string yaml, string fileName, SweepSpecContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var mistakes = new SpecMistakes(fileName);
        if (YamlDocument.Read(yaml, mistakes) is not { } root) throw mistakes.Exception();
        var cursor = new YamlCursor(root, SpecPath.Root, mistakes);
        if (!SpecShapes.Comparison.TryRead(cursor, out JsonNode? read)) throw mistakes.Exception();

        var fields = (JsonObject)read!;
        string? pack = SpecParts.Pack(fields, cursor, context);
        RecipeSpec? recipe = new RecipeReference(context).Read(fields["recipe"], cursor.Find("recipe"));
        var written = fields["prompts"] as JsonArray;
        IReadOnlyList<ComparisonMethod> methods = Methods(fields["methods"] as JsonArray, cursor.Find("methods"));
        MethodConsistency? tables = methods.Contains(ComparisonMethod.Direction) ? new MethodConsistency(context, pack, bank: null, cursor) : null;
        IReadOnlyList<PromptSpec> prompts = new PromptListReader(context, pack, recipe) { TableRule = tables }.Read(written, cursor.Find("prompts"));
        BankSpec bank = BankConsistency.Complete(SpecParts.Part<BankSpec>(fields["bank"]), cursor.Find("bank"), context);
        int latents = (int?)(long?)fields["latents"] ?? ComparisonSpec.DefaultLatents;
        if (latents > bank.Validation && !mistakes.Has(SpecPath.Root.Field("bank")) && !mistakes.Has(SpecPath.Root.Field("latents")))
            cursor.Refuse(["latents"], $"{latents}", $"must be at most bank.validation, which is {bank.Validation}: they are held-out latents");
        mistakes.ThrowIfAny();
        return new ComparisonSpec
        {
            Name = (string)fields["name"]!,
            Pack = pack!,
            Recipe = recipe!,
            // Without a mistake every item was read, so that both lists are of one length.
            Prompts = [.. prompts.Select((prompt, i) => new ComparisonPrompt
            {
                Text = prompt.Text,
                Neutral = prompt.Neutral!,
                Kind = written![i]!["kind"].Deserialize<PromptKind>(ContractJson.Options),
                Recipe = prompt.Recipe,
            })],
            Methods = methods,
            Latents = latents,
            Bank = bank,
            Seed = (long?)fields["seed"] ?? 0,
        };
    }

    private static IReadOnlyList<ComparisonMethod> Methods(JsonArray? written, YamlCursor? cursor)
    {
        if (written is null) return ComparisonSpec.DefaultMethods;
        List<ComparisonMethod> methods = [];
        for (int i = 0; i < written.Count; i++)
        {
            if (written[i] is not { } item) continue; // told already
            ComparisonMethod method = item.Deserialize<ComparisonMethod>(ContractJson.Options);
            if (methods.Contains(method)) cursor!.Item(i).Refuse("must not be there twice");
            else methods.Add(method);
        }

        return methods;
    }
}
