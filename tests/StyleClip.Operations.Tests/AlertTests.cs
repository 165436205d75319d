using YamlDotNet.Serialization;

namespace StyleClip.Operations.Tests;

public sealed class AlertTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_understands_the_rules()
    {
        (int exitCode, string output) = await OwnProcess.Promtool(["check", "rules", .. Directory.EnumerateFiles(RepositoryFiles.Alerts, "*.rules.yml")], null, Ct);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Alerts_fire_and_stay_silent_as_their_cases_say()
    {
        (int exitCode, string output) = await OwnProcess.Promtool(["test", "rules", .. Directory.EnumerateFiles(RepositoryFiles.Alerts, "*.tests.yml")], null, Ct);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_is_silent()
    {
        var cases = new List<(string Alert, bool Fires)>();
        foreach (string file in Directory.EnumerateFiles(RepositoryFiles.Alerts, "*.tests.yml"))
        {
            foreach (object test in AlertRule.List(AlertRule.Map(new DeserializerBuilder().Build().Deserialize<object>(File.ReadAllText(file)))["tests"]))
            {
                foreach (Dictionary<object, object> expected in AlertRule.List(AlertRule.Map(test)["alert_rule_test"]).Select(AlertRule.Map))
                    cases.Add(((string)expected["alertname"], AlertRule.List(expected["exp_alerts"]).Count > 0));
            }
        }

        foreach (AlertRule rule in AlertRule.Read())
        {
            Assert.Contains((rule.Name, true), cases);
            Assert.Contains((rule.Name, false), cases);
        }
    }

    [Fact]
    public void Every_alert_says_how_bad_it_is_and_where_to_read_and_look_on()
    {
        string[] sections = [.. RepositoryFiles.Text("docs", "runbook.md").Split('\n').Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Select(line => line[4..].ToLowerInvariant())];
        string[] dashboards = [.. RepositoryFiles.Dashboards().Select(dashboard => dashboard.Json.GetProperty("uid").GetString()!)];
        foreach (AlertRule rule in AlertRule.Read())
        {
            Assert.Contains(rule.Severity, new[] { "warning", "critical" });
            Assert.NotEmpty(rule.Summary);
            Assert.StartsWith("docs/runbook.md#", rule.Runbook, StringComparison.Ordinal);
            Assert.Contains(rule.Runbook.Split('#')[1], sections);
            Assert.Contains(rule.Dashboard, dashboards);
        }
    }
}
