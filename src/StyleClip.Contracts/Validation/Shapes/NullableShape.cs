using System.Text.Json.Nodes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>A value, or nothing: in an override, nothing takes the recipe's value away.</summary>
internal sealed class NullableShape(SpecShape inner) : SpecShape
{
    public override bool TryRead(YamlCursor cursor, out JsonNode? value)
    {
        value = null;
        return cursor.Node is YamlScalar { IsNull: true } || inner.TryRead(cursor, out value);
    }

    public override JsonObject ToSchema(SchemaWriter writer) =>
        new() { ["anyOf"] = new JsonArray(inner.ToSchema(writer), new JsonObject { ["type"] = "null" }) };
}
