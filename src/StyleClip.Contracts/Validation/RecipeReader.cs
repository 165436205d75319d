using System.Text.Json;
using System.Text.Json.Nodes;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Validation.Shapes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation;

/// <summary>Reads recipe files.</summary>
public static class RecipeReader
{
    /// <summary>Reads a recipe.</summary>
    /// <param name="yaml">The file's text.</param>
    /// <param name="fileName">The file's name, for messages.</param>
    /// <exception cref="SpecException">The file is not a valid recipe; the exception holds every mistake.</exception>
    public static RecipeSpec Read(string yaml, string fileName)
    {
        var mistakes = new SpecMistakes(fileName);
        RecipeSpec? recipe = Read(yaml, mistakes);
        mistakes.ThrowIfAny();
        return recipe!;
    }

    /// <summary>Reads a recipe and adds what is wrong to <paramref name="mistakes"/>; null where nothing usable was found.</summary>
    internal static RecipeSpec? Read(string yaml, SpecMistakes mistakes)
    {
        if (YamlDocument.Read(yaml, mistakes) is not { } root) return null;
        var cursor = new YamlCursor(root, SpecPath.Root, mistakes);
        return SpecShapes.Recipe.TryRead(cursor, out JsonNode? fields) ? Build(null, (JsonObject)fields!, cursor) : null;
    }

    /// <summary>
    /// The recipe that <paramref name="fields"/> make of <paramref name="start"/>, its fields checked against one another. Fields that are
    /// wrong or missing have been told by now and count as if they were sensible.
    /// </summary>
    internal static RecipeSpec Build(RecipeSpec? start, JsonObject fields, YamlCursor cursor)
    {
        JsonObject json = start is null
            ? new JsonObject { ["name"] = "unnamed", ["steps"] = 1 }
            : (JsonObject)JsonSerializer.SerializeToNode(start, ContractJson.Options)!;
        JsonMerge.Into(json, fields);
        RecipeSpec recipe = json.Deserialize<RecipeSpec>(ContractJson.Options)!;
        RecipeConsistency.Check(recipe, cursor);
        return recipe;
    }
}
