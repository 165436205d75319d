using System.Text.Json;
using System.Text.Json.Nodes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>One of the names of an enumeration.</summary>
internal sealed class ChoiceShape(Type enumeration) : SpecShape
{
    private readonly string[] _names = [.. Enum.GetNames(enumeration).Select(JsonNamingPolicy.CamelCase.ConvertName)];

    public override bool TryRead(YamlCursor cursor, out JsonNode? value)
    {
        value = null;
        if (cursor.Node is not YamlScalar scalar || !_names.Contains(scalar.Value, StringComparer.Ordinal))
        {
            string? near = cursor.Node is YamlScalar wrong ? Suggestion.Nearest(wrong.Value, _names) : null;
            cursor.Refuse($"must be one of {string.Join(", ", _names)}{(near is null ? string.Empty : $"; did you mean '{near}'?")}");
            return false;
        }

        value = JsonValue.Create(scalar.Value);
        return true;
    }

    public override JsonObject ToSchema(SchemaWriter writer) =>
        new() { ["enum"] = new JsonArray([.. _names.Select(name => JsonValue.Create(name))]) };
}
