using System.Text.Json.Nodes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>
/// What may stand at a place of a spec. One description serves the reader, which turns YAML into the JSON of a record, and the JSON
/// schema for editors, so that the two cannot disagree.
/// </summary>
internal abstract class SpecShape
{
    /// <summary>Reads the node into the JSON form of contract records.</summary>
    /// <returns>False where nothing usable stands there; then at least one mistake was added.</returns>
    public abstract bool TryRead(YamlCursor cursor, out JsonNode? value);

    /// <summary>The JSON schema of what is allowed.</summary>
    public abstract JsonObject ToSchema(SchemaWriter writer);
}
