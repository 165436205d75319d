using System.Text.Json;

namespace StyleClip.Operations.Tests;

public sealed class DashboardTests
{
    public static TheoryData<string> Files() => [.. RepositoryFiles.Dashboards().Select(dashboard => dashboard.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_dashboard_can_be_provisioned_over_any_data_source(string file)
    {
        JsonElement json = Open(file).Json;

        Assert.Equal(file, json.GetProperty("uid").GetString() + ".json");
        Assert.StartsWith("StyleClip / ", json.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.True(json.GetProperty("schemaVersion").GetInt32() >= 39);
        JsonElement source = json.GetProperty("templating").GetProperty("list")[0];
        Assert.Equal(("datasource", "datasource", "prometheus"), (source.GetProperty("name").GetString(), source.GetProperty("type").GetString(), source.GetProperty("query").GetString()));
        Assert.False(json.TryGetProperty("id", out _)); // Grafana gives its own
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_panel_has_a_legend_a_unit_and_the_chosen_data_source(string file)
    {
        foreach (Panel panel in Open(file).Panels.Where(panel => panel.Type != "row"))
        {
            Assert.NotEmpty(panel.Queries);
            Assert.All(panel.Queries, query => Assert.NotEmpty(query.Legend));
            Assert.NotEmpty(panel.Json.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString()!);
            Assert.All(panel.Json.GetProperty("targets").EnumerateArray().Append(panel.Json), part => Assert.Equal("${datasource}", part.GetProperty("datasource").GetProperty("uid").GetString()));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Panels_do_not_overlap(string file)
    {
        IReadOnlyList<Panel> panels = Open(file).Panels;
        Assert.Equal(panels.Count, panels.Select(panel => panel.Json.GetProperty("id").GetInt32()).Distinct().Count());
        var taken = new HashSet<(int X, int Y)>();
        foreach (Panel panel in panels)
        {
            JsonElement place = panel.Json.GetProperty("gridPos");
            int x = place.GetProperty("x").GetInt32(), y = place.GetProperty("y").GetInt32(), width = place.GetProperty("w").GetInt32(), height = place.GetProperty("h").GetInt32();
            Assert.InRange(x + width, 1, 24);
            for (int i = x; i < x + width; i++)
                for (int k = y; k < y + height; k++) Assert.True(taken.Add((i, k)), $"{panel.Title} overlaps another panel.");
        }
    }

    private static Dashboard Open(string file) => RepositoryFiles.Dashboards().Single(dashboard => dashboard.File == file);
}
