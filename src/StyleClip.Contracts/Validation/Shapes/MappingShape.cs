using System.Text.Json.Nodes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>A mapping with known fields. A field that cannot be used is left out, the others are still read.</summary>
internal sealed class MappingShape(IReadOnlyList<SpecField> fields, string? definition = null) : SpecShape
{
    private readonly Dictionary<string, SpecField> _fields = fields.ToDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>The same fields, none of them required and none with a default: what is absent comes from elsewhere.</summary>
    public MappingShape Partial(string? name = null) => new(
    [
        .. fields.Select(field => field with
        {
            IsRequired = false,
            Default = null,
            Shape = field.Shape is MappingShape inner ? inner.Partial() : field.Shape,
        }),
    ],
    name);

    /// <summary>These fields and another one, under no name.</summary>
    public MappingShape With(SpecField field) => new([field, .. fields]);

    public override bool TryRead(YamlCursor cursor, out JsonNode? value)
    {
        value = null;
        if (cursor.Node is not YamlMap map)
        {
            cursor.Refuse($"must be a mapping with fields of {string.Join(", ", _fields.Keys)}");
            return false;
        }

        var read = new JsonObject();
        foreach (YamlEntry entry in map.Entries)
        {
            if (!_fields.TryGetValue(entry.Key, out SpecField? field))
                RefuseKey(cursor, entry);
            else if (field.Shape.TryRead(cursor.Field(entry), out JsonNode? item))
                read[entry.Key] = item;
        }

        foreach (SpecField missing in fields.Where(field => field.IsRequired && cursor.Find(field.Name) is null))
            cursor.Miss(missing.Name, "is missing");
        value = read;
        return true;
    }

    public override JsonObject ToSchema(SchemaWriter writer) =>
        definition is null ? Make(writer) : writer.Refer(definition, () => Make(writer));

    private void RefuseKey(YamlCursor cursor, YamlEntry entry)
    {
        string rule = $"is not a known key{Suggestion.For(entry.Key, _fields.Keys)}";
        cursor.Mistakes.Add(entry.Place, cursor.Path.Field(entry.Key), null, rule);
    }

    private JsonObject Make(SchemaWriter writer)
    {
        var properties = new JsonObject();
        foreach (SpecField field in fields)
        {
            JsonObject schema = field.Shape.ToSchema(writer);
            if ((field.Description ?? writer.Describe(field.Member)) is { } description) schema["description"] = description;
            if (field.Default is not null) schema["default"] = field.Default.DeepClone();
            properties[field.Name] = schema;
        }

        var mapping = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        JsonNode[] required = [.. fields.Where(field => field.IsRequired).Select(field => (JsonNode)JsonValue.Create(field.Name))];
        if (required.Length > 0) mapping["required"] = new JsonArray(required);
        return mapping;
    }
}
