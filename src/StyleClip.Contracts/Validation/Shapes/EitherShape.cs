using System.Text.Json.Nodes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>A short form in one word or line, or the long form as a mapping.</summary>
internal sealed class EitherShape(SpecShape shortForm, SpecShape longForm) : SpecShape
{
    public override bool TryRead(YamlCursor cursor, out JsonNode? value) =>
        (cursor.Node is YamlMap ? longForm : shortForm).TryRead(cursor, out value);

    public override JsonObject ToSchema(SchemaWriter writer) =>
        new() { ["anyOf"] = new JsonArray(shortForm.ToSchema(writer), longForm.ToSchema(writer)) };
}
