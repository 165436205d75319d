using System.Text.Json.Nodes;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Validation.Shapes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation;

/// <summary>Resolves the recipe of a sweep: a name, a path, or fields.</summary>
internal sealed class RecipeReference(SweepSpecContext context)
{
    /// <summary>The recipe; null where it cannot be told, which then is a mistake.</summary>
    public RecipeSpec? Read(JsonNode? written, YamlCursor? cursor) => written switch
    {
        JsonObject fields => ReadInline(fields, cursor!),
        JsonValue name => Find((string)name!, cursor!),
        _ => null,
    };

    private RecipeSpec? ReadInline(JsonObject fields, YamlCursor cursor)
    {
        YamlCursor? startsAt = cursor.Find(SpecShapes.Base);
        string? startName = (string?)fields[SpecShapes.Base];
        RecipeSpec? start = startName is null ? null : Find(startName, startsAt!);
        if (startsAt is not null && start is null) return null; // told already
        if (startsAt is null)
        {
            foreach (string field in new[] { "name", "steps" }.Where(field => cursor.Find(field) is null))
                cursor.Miss(field, $"is missing; a recipe without {SpecShapes.Base} needs it");
        }

        fields.Remove(SpecShapes.Base);
        return RecipeReader.Build(start, fields, cursor);
    }

    private RecipeSpec? Find(string name, YamlCursor cursor)
    {
        bool isPath = name.Contains('/', StringComparison.Ordinal)
            || name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
        SpecDocument? document = isPath ? ReadFile(name, cursor) : context.FindRecipe(name);
        if (document is null)
        {
            if (!isPath) cursor.Refuse($"must be the name of a recipe{Suggestion.For(name, context.RecipeNames)}");
            return null;
        }

        return RecipeReader.Read(document.Yaml, cursor.Mistakes.In(document.FileName));
    }

    private SpecDocument? ReadFile(string path, YamlCursor cursor)
    {
        if (context.ReadRecipeFile is null)
        {
            cursor.Refuse($"must be the name of a recipe, not a path{Suggestion.For(path, context.RecipeNames)}");
            return null;
        }

        try
        {
            return context.ReadRecipeFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            cursor.Refuse($"must be a recipe file that can be read: {exception.Message}");
            return null;
        }
    }
}
