using System.Text.Json.Nodes;

namespace StyleClip.Contracts.Validation;

/// <summary>Puts the fields of one JSON object over those of another; null takes a field away (RFC 7386).</summary>
internal static class JsonMerge
{
    public static void Into(JsonObject target, JsonObject fields)
    {
        foreach ((string name, JsonNode? value) in fields)
        {
            if (value is null) target.Remove(name);
            else if (value is JsonObject inner && target[name] is JsonObject below) Into(below, inner);
            else target[name] = value.DeepClone();
        }
    }
}
