using System.Reflection;
using System.Text.Json.Nodes;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>
/// What shapes share while they write one JSON schema: descriptions of members, and definitions that are used more than once.
/// </summary>
internal sealed class SchemaWriter(Func<MemberInfo, string?> describe)
{
    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);

    /// <summary>What a member means, for the editor; null where nothing is known.</summary>
    public string? Describe(MemberInfo? member) => member is null ? null : describe(member);

    /// <summary>A reference to a definition, which is made when it is first asked for.</summary>
    public JsonObject Refer(string name, Func<JsonObject> make)
    {
        if (!_definitions.ContainsKey(name)) _definitions[name] = make();
        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }

    /// <summary>The whole document.</summary>
    public JsonObject Document(string title, SpecShape root)
    {
        JsonObject schema = root.ToSchema(this);
        var document = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = title };
        foreach ((string key, JsonNode? value) in schema) document[key] = value?.DeepClone();
        if (_definitions.Count > 0)
            document["$defs"] = new JsonObject(_definitions.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        return document;
    }
}
