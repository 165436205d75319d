using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace StyleClip.Operations.Tests;

/// <summary>What one file of deploy/ says of another.</summary>
public sealed partial class DeploymentTests
{
    private static readonly string Deploy = Path.Combine(RepositoryFiles.Root, "deploy");

    [Fact]
    public void Prometheus_scrapes_every_node_and_the_gateway_at_the_ports_they_are_started_with()
    {
        Dictionary<object, object> services = AlertRule.Map(Yaml("compose.yaml")["services"]);
        string[] targets = [.. Targets().Matches(RepositoryFiles.Text("deploy", "prometheus.yml")).Select(match => match.Value)];
        string[] served =
        [
            .. from service in services
               let command = AlertRule.Map(service.Value).GetValueOrDefault("command") as string
               where command is not null && command.Contains("--metrics-port", StringComparison.Ordinal)
               select $"{service.Key}:{Regex.Match(command, @"--metrics-port (\d+)").Groups[1].Value}",
        ];

        Assert.Equal(3, targets.Length);
        Assert.Equal(targets.Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_mounted_file_and_folder_exists()
    {
        string[] mounted =
        [
            .. from service in AlertRule.Map(Yaml("compose.yaml")["services"]).Values.Select(AlertRule.Map)
               where service.ContainsKey("volumes")
               from volume in AlertRule.List(service["volumes"]).Cast<string>()
               where volume.StartsWith('.')
               select Path.Combine(Deploy, volume.Split(':')[0]),
        ];

        Assert.Equal(4, mounted.Length);
        Assert.All(mounted, path => Assert.True(Path.Exists(path), path));
    }

    [Fact]
    public void Every_variable_without_a_default_is_in_the_example()
    {
        string example = RepositoryFiles.Text("deploy", ".env.example");
        MatchCollection required = Required().Matches(RepositoryFiles.Text("deploy", "compose.yaml"));

        Assert.NotEmpty(required);
        Assert.All(required, variable => Assert.Contains($"\n{variable.Groups[1].Value}=", "\n" + example, StringComparison.Ordinal));
    }

    [Fact]
    public void Grafana_reads_dashboards_where_compose_puts_them_from_the_prometheus_that_compose_starts()
    {
        string compose = RepositoryFiles.Text("deploy", "compose.yaml"), provider = RepositoryFiles.Text("deploy", "grafana", "provisioning", "dashboards", "styleclip.yaml");
        Assert.Contains("path: /var/lib/grafana/dashboards", provider, StringComparison.Ordinal);
        Assert.Contains("../dashboards:/var/lib/grafana/dashboards:ro", compose, StringComparison.Ordinal);
        Assert.Contains("url: http://prometheus:9090", RepositoryFiles.Text("deploy", "grafana", "provisioning", "datasources", "prometheus.yaml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compose.yaml", @"stop_grace_period: (\d+)s")]
    [InlineData("styleclip-node.service", @"TimeoutStopSec=(\d+)")]
    public void A_stop_is_given_longer_than_a_drain(string file, string pattern)
    {
        string text = RepositoryFiles.Text("deploy", file);
        int drain = int.Parse(DrainLimit().Match(text).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

        Assert.All(Regex.Matches(text, pattern), match => Assert.True(int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) > drain, match.Value));
        Assert.Matches(pattern, text);
    }

    [Theory]
    [InlineData("compose.yaml", "node")]
    [InlineData("compose.yaml", "gateway")]
    [InlineData("styleclip-node.service", "node")]
    public async Task Commands_have_only_options_that_the_program_knows(string file, string command)
    {
        (int exitCode, string help) = await OwnProcess.Run(RepositoryFiles.Program, [command, "--help"], TestContext.Current.CancellationToken);
        Assert.Equal(0, exitCode);
        string[] lines = [.. RepositoryFiles.Text("deploy", file).Replace(">-\n", "", StringComparison.Ordinal).Replace("\n      --", " --", StringComparison.Ordinal).Split('\n')
            .Where(line => line.Contains($" {command} --", StringComparison.Ordinal) && line.Contains("--store", StringComparison.Ordinal))];

        Assert.NotEmpty(lines);
        Assert.All(lines.SelectMany(line => Options().Matches(line).Select(match => match.Value)), option => Assert.Contains(option + " ", help, StringComparison.Ordinal));
    }

    // Anchors and merge keys are what compose has them for.
    private static Dictionary<object, object> Yaml(string file)
    {
        var parser = new MergingParser(new Parser(new StringReader(RepositoryFiles.Text("deploy", file))));
        return AlertRule.Map(new DeserializerBuilder().Build().Deserialize<object>(parser)!);
    }

    [GeneratedRegex(@"[a-z0-9-]+:9464")]
    private static partial Regex Targets();

    [GeneratedRegex(@"\$\{(\w+):\?")]
    private static partial Regex Required();

    [GeneratedRegex(@"--drain-limit (\d+)")]
    private static partial Regex DrainLimit();

    [GeneratedRegex(@"(?<= )--[a-z-]+")]
    private static partial Regex Options();
}
