using System.Text.Json;
using System.Text.Json.Nodes;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>Names of a flags enumeration: a list of some, or the single name of one or of all.</summary>
internal sealed class FlagsShape : SpecShape
{
    private readonly string[] _flags;
    private readonly string[] _names;

    public FlagsShape(Type enumeration)
    {
        // The one named zero stands for nothing and cannot be asked for.
        var values = Enum.GetValues(enumeration).Cast<object>().ToDictionary(
            value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()!),
            value => Convert.ToUInt64(value, null),
            StringComparer.Ordinal);
        _names = [.. values.Where(pair => pair.Value != 0).Select(pair => pair.Key)];
        _flags = [.. values.Where(pair => ulong.IsPow2(pair.Value)).Select(pair => pair.Key)];
    }

    public override bool TryRead(YamlCursor cursor, out JsonNode? value)
    {
        value = null;
        string[]? chosen = cursor.Node switch
        {
            YamlScalar scalar when _names.Contains(scalar.Value, StringComparer.Ordinal) => [scalar.Value],
            YamlList list when list.Items.All(IsFlag) => [.. list.Items.Cast<YamlScalar>().Select(item => item.Value)],
            _ => null,
        };
        if (chosen is null || chosen.Length == 0 || chosen.Distinct(StringComparer.Ordinal).Count() < chosen.Length)
        {
            cursor.Refuse($"must be {string.Join(" or ", _names)}, or a list of {string.Join(", ", _flags)}, each at most once");
            return false;
        }

        value = JsonValue.Create(string.Join(", ", chosen));
        return true;
    }

    public override JsonObject ToSchema(SchemaWriter writer) => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["enum"] = Names(_names) },
            new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["enum"] = Names(_flags) },
                ["minItems"] = 1,
                ["uniqueItems"] = true,
            }),
    };

    private static JsonArray Names(string[] names) => new([.. names.Select(name => JsonValue.Create(name))]);

    private bool IsFlag(YamlNode node) => node is YamlScalar scalar && _flags.Contains(scalar.Value, StringComparer.Ordinal);
}
