using System.Text.Json;
using System.Text.Json.Nodes;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation;

/// <summary>What sweeps and comparisons have in common.</summary>
internal static class SpecParts
{
    /// <summary>The pack's name or path; null where it cannot be used, which then is a mistake.</summary>
    public static string? Pack(JsonObject fields, YamlCursor cursor, SweepSpecContext context)
    {
        if ((string?)fields["pack"] is not { } pack) return null;
        if (context.CheckPack(pack) is not { } problem) return pack;
        cursor.Find("pack")!.Refuse(problem);
        return null;
    }

    /// <summary>One of a few; the first where nothing was written.</summary>
    public static T Choice<T>(JsonNode? written) where T : struct, Enum => written is null ? default : written.Deserialize<T>(ContractJson.Options);

    /// <summary>A part with nothing but members that have defaults.</summary>
    public static T Part<T>(JsonNode? fields) where T : new() => fields is null ? new T() : fields.Deserialize<T>(ContractJson.Options)!;
}
