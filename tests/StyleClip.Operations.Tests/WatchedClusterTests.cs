using System.Text.Json;
using System.Text.RegularExpressions;

namespace StyleClip.Operations.Tests;

public sealed partial class WatchedClusterTests(WatchedCluster cluster) : IClassFixture<WatchedCluster>
{
    /// <summary>Counters that begin with a failure, which this cluster has not.</summary>
    private static readonly string[] FailuresOnly = ["styleclip_nonfinite_steps_total", "styleclip_checkpoint_failures_total", "orleans_scheduler_long_running_turns_total"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_query_of_every_panel_returns_data()
    {
        List<string> empty = [];
        int queries = 0;
        foreach (Dashboard dashboard in RepositoryFiles.Dashboards())
        {
            foreach (Panel panel in dashboard.Panels)
            {
                foreach ((string expression, _) in panel.Queries)
                {
                    queries++;
                    if ((await cluster.Range(Substitute(expression), Ct)).Count == 0) empty.Add($"{dashboard}: {panel.Title}: {Substitute(expression)}");
                }
            }
        }

        Assert.True(empty.Count == 0, $"{empty.Count} of {queries} queries return nothing:\n{string.Join('\n', empty)}");
        Assert.True(queries > 40, $"There were only {queries} queries.");
    }

    [Fact]
    public async Task Losses_of_each_prompt_are_told_apart_by_term_split_and_slug()
    {
        string[] slugs = await Labels("styleclip_job_info", "prompt_slug");
        Assert.Equal(3, slugs.Length);
        Assert.All(slugs, slug => Assert.Matches("^[a-z0-9-]+$", slug));
        Panel clip = RepositoryFiles.Dashboards().SelectMany(dashboard => dashboard.Panels).Single(panel => panel.Title == "CLIP loss");
        foreach ((string expression, _) in clip.Queries)
        {
            IReadOnlyList<JsonElement> series = await cluster.Range(Substitute(expression), Ct);
            Assert.Equal(slugs.Order(StringComparer.Ordinal), series.Select(line => line.GetProperty("metric").GetProperty("prompt_slug").GetString()!).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task The_variables_of_the_dashboards_have_values()
    {
        foreach (JsonElement variable in RepositoryFiles.Dashboards().SelectMany(dashboard => dashboard.Json.GetProperty("templating").GetProperty("list").EnumerateArray()))
        {
            if (variable.GetProperty("type").GetString() != "query") continue;
            Match query = LabelValues().Match(Substitute(variable.GetProperty("query").GetProperty("query").GetString()!));
            Assert.True(query.Success, variable.ToString());
            Assert.NotEmpty(await Labels(query.Groups[1].Value, query.Groups[2].Value));
        }
    }

    [Fact]
    public async Task No_job_is_exported_by_two_nodes() =>
        Assert.Empty(await cluster.Range("count by (sweep, job) (styleclip_job_info) > 1", Ct));

    [Fact]
    public async Task Both_nodes_train_and_the_last_job_widens()
    {
        Assert.Equal(2, (await cluster.Range("sum by (node) (styleclip_samples_total) > 0", Ct)).Count);
        Assert.NotEmpty(await cluster.Range("styleclip_job_workers == 2", Ct));
    }

    [Fact]
    public async Task Prometheus_takes_every_alert_and_a_healthy_cluster_raises_none()
    {
        JsonElement[] rules = [.. (await cluster.Ask("rules", Ct)).GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())];

        Assert.Equal(AlertRule.Read().Count, rules.Length);
        Assert.All(rules, rule => Assert.Equal("ok", rule.GetProperty("health").GetString()));
        Assert.Empty(await cluster.Range("ALERTS{alertstate=\"firing\"}", Ct));
    }

    [Fact]
    public async Task What_the_alerts_ask_for_is_exported()
    {
        // The queue's metrics, too, which are there only while jobs wait.
        HashSet<string> exported = [.. (await cluster.Ask("label/__name__/values", Ct)).EnumerateArray().Select(name => name.GetString()!), .. FailuresOnly];

        Assert.All(AlertRule.Read(), rule => Assert.All(MetricNames().Matches(rule.Expression), name => Assert.Contains(name.Value, exported)));
    }

    [Fact]
    public async Task Promtool_finds_no_fault_in_the_product_s_metrics()
    {
        foreach ((string process, string page) in cluster.Pages)
        {
            // Orleans and the runtime name theirs as they do.
            string own = string.Concat(page.Split('\n').Where(line => OwnLine().IsMatch(line)).Select(line => line + "\n"));
            Assert.Contains("styleclip_build_info", own, StringComparison.Ordinal);
            (int exitCode, string output) = await OwnProcess.Promtool(["check", "metrics"], own, Ct);
            Assert.True(exitCode == 0, $"{process}: {output}");
        }
    }

    [Fact]
    public void No_prompt_is_a_label()
    {
        foreach (string prompt in new[] { "red hair", "smiling face", "glasses," })
            Assert.All(cluster.Pages.Values, page => Assert.DoesNotContain(prompt, page, StringComparison.Ordinal));
    }

    private async Task<string[]> Labels(string selector, string label) =>
        [.. (await cluster.Range(selector, Ct)).Select(series => series.GetProperty("metric").GetProperty(label).GetString()!).Distinct()];

    private string Substitute(string expression) => expression
        .Replace("$sweep", cluster.Sweep, StringComparison.Ordinal)
        .Replace("$prompt_slug", ".+", StringComparison.Ordinal)
        .Replace("$node", ".+", StringComparison.Ordinal)
        .Replace("$smooth", "10s", StringComparison.Ordinal)
        .Replace("$__rate_interval", "10s", StringComparison.Ordinal);

    [GeneratedRegex(@"^label_values\((.+), (\w+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"\b(styleclip|orleans|http_server)_\w+")]
    private static partial Regex MetricNames();

    [GeneratedRegex("^(# (HELP|TYPE) )?styleclip_")]
    private static partial Regex OwnLine();
}
