using System.Text.Json.Nodes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>
/// A list of a limited length. An item that cannot be used stays in its place as null, so that indices agree with the file.
/// </summary>
internal sealed class ListShape(SpecShape item, int minItems, int maxItems) : SpecShape
{
    public override bool TryRead(YamlCursor cursor, out JsonNode? value)
    {
        value = null;
        if (cursor.Node is not YamlList list || list.Items.Count < minItems || list.Items.Count > maxItems)
        {
            string found = cursor.Node is YamlList { Items.Count: var count } ? $"; it has {count:n0}" : string.Empty;
            cursor.Refuse($"must be a list of {minItems:n0} to {maxItems:n0} items{found}");
            return false;
        }

        var items = new JsonArray();
        for (int i = 0; i < list.Items.Count; i++) items.Add(item.TryRead(cursor.Item(i), out JsonNode? read) ? read : null);
        value = items;
        return true;
    }

    public override JsonObject ToSchema(SchemaWriter writer) =>
        new() { ["type"] = "array", ["items"] = item.ToSchema(writer), ["minItems"] = minItems, ["maxItems"] = maxItems };
}
