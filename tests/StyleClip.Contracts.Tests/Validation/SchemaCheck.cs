using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace StyleClip.Contracts.Tests.Validation;

/// <summary>
/// A validator for the part of JSON schema that our schemas use. It stands still at a keyword that it does not know, so that it cannot pass
/// over a rule.
/// </summary>
internal sealed class SchemaCheck(JsonObject document)
{
    private static readonly string[] Annotations = ["$schema", "$defs", "title", "description", "default"];

    public bool Accepts(JsonNode? value) => Accepts(document, value);

    private static JsonValueKind KindOf(JsonNode? value) => value?.GetValueKind() ?? JsonValueKind.Null;

    private static bool IsType(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => KindOf(value) == JsonValueKind.String,
        "number" => KindOf(value) == JsonValueKind.Number,
        "integer" => KindOf(value) == JsonValueKind.Number && double.IsInteger(value!.GetValue<double>()),
        "null" => value is null,
        _ => throw new NotSupportedException($"type {type}"),
    };

    private static bool Number(JsonNode? value, Func<double, bool> rule) => KindOf(value) != JsonValueKind.Number || rule(value!.GetValue<double>());

    private static bool Text(JsonNode? value, Func<string, bool> rule) => KindOf(value) != JsonValueKind.String || rule(value!.GetValue<string>());

    private static bool Items(JsonNode? value, Func<JsonArray, bool> rule) => value is not JsonArray array || rule(array);

    private bool Accepts(JsonObject schema, JsonNode? value) =>
        schema.Where(pair => !Annotations.Contains(pair.Key)).All(pair => Holds(schema, pair.Key, pair.Value!, value));

    private bool Holds(JsonObject schema, string keyword, JsonNode rule, JsonNode? value) => keyword switch
    {
        "$ref" => Accepts((JsonObject)document["$defs"]![rule.GetValue<string>()["#/$defs/".Length..]]!, value),
        "type" => IsType(rule.GetValue<string>(), value),
        "enum" => rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)),
        "anyOf" => rule.AsArray().Any(one => Accepts((JsonObject)one!, value)),
        "minimum" => Number(value, number => number >= rule.GetValue<double>()),
        "maximum" => Number(value, number => number <= rule.GetValue<double>()),
        "exclusiveMinimum" => Number(value, number => number > rule.GetValue<double>()),
        "exclusiveMaximum" => Number(value, number => number < rule.GetValue<double>()),
        "minLength" => Text(value, text => text.EnumerateRunes().Count() >= rule.GetValue<int>()),
        "maxLength" => Text(value, text => text.EnumerateRunes().Count() <= rule.GetValue<int>()),
        "pattern" => Text(value, text => Regex.IsMatch(text, rule.GetValue<string>())),
        "minItems" => Items(value, items => items.Count >= rule.GetValue<int>()),
        "maxItems" => Items(value, items => items.Count <= rule.GetValue<int>()),
        "uniqueItems" => Items(value, items => items.Select(item => item?.ToJsonString()).Distinct().Count() == items.Count),
        "items" => Items(value, items => items.All(item => Accepts((JsonObject)rule, item))),
        "required" => value is not JsonObject mapping || rule.AsArray().All(name => mapping.ContainsKey(name!.GetValue<string>())),
        "properties" => value is not JsonObject mapping || mapping.All(field => rule[field.Key] is not JsonObject inner || Accepts(inner, field.Value)),
        "additionalProperties" => value is not JsonObject mapping || mapping.All(field => ((JsonObject)schema["properties"]!).ContainsKey(field.Key)),
        _ => throw new NotSupportedException($"keyword {keyword}"),
    };
}
