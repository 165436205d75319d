using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Validation.Shapes;

namespace StyleClip.Contracts.Validation;

/// <summary>
/// JSON schemas of the YAML files, for editors. They are derived from what the readers read. Rules that concern several fields are the
/// readers' alone.
/// </summary>
public static class SpecSchema
{
    /// <summary>Schema of a sweep file.</summary>
    /// <param name="describe">What a member of a record means; null where nothing is known.</param>
    public static string Sweep(Func<MemberInfo, string?> describe) =>
        Write(new SchemaWriter(describe).Document("StyleClip sweep", SpecShapes.Sweep));

    /// <summary>Schema of a recipe file.</summary>
    /// <param name="describe">What a member of a record means; null where nothing is known.</param>
    public static string Recipe(Func<MemberInfo, string?> describe) =>
        Write(new SchemaWriter(describe).Document("StyleClip recipe", SpecShapes.Recipe));

    /// <summary>Schema of a comparison file.</summary>
    /// <param name="describe">What a member of a record means; null where nothing is known.</param>
    public static string Comparison(Func<MemberInfo, string?> describe) =>
        Write(new SchemaWriter(describe).Document("StyleClip comparison", SpecShapes.Comparison));

    private static string Write(JsonObject schema) => JsonSerializer.Serialize(schema, ContractJson.Options) + "\n";
}
