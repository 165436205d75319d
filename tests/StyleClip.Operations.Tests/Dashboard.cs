using System.Text.Json;

namespace StyleClip.Operations.Tests;

/// <summary>A Grafana dashboard as far as the tests look at it.</summary>
internal sealed record Dashboard(string File, JsonElement Json, IReadOnlyList<Panel> Panels)
{
    public static Dashboard Read(string file)
    {
        JsonElement json = JsonDocument.Parse(System.IO.File.ReadAllText(file)).RootElement;
        return new Dashboard(Path.GetFileName(file), json, [.. json.GetProperty("panels").EnumerateArray().Select(Panel.Of)]);
    }

    public override string ToString() => File;
}

/// <summary>A panel; a row has no queries.</summary>
internal sealed record Panel(string Title, string Type, JsonElement Json, IReadOnlyList<(string Expression, string Legend)> Queries)
{
    public static Panel Of(JsonElement json) => new(
        json.GetProperty("title").GetString()!,
        json.GetProperty("type").GetString()!,
        json,
        json.TryGetProperty("targets", out JsonElement targets)
            ? [.. targets.EnumerateArray().Select(target => (target.GetProperty("expr").GetString()!, target.GetProperty("legendFormat").GetString()!))]
            : []);
}
