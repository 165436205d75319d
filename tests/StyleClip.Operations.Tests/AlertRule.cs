using YamlDotNet.Serialization;

namespace StyleClip.Operations.Tests;

/// <summary>One alert of dashboards/alerts.</summary>
internal sealed record AlertRule(string Name, string Expression, string Severity, string Summary, string Runbook, string Dashboard)
{
    public static IReadOnlyList<AlertRule> Read() =>
    [
        .. from file in Directory.EnumerateFiles(RepositoryFiles.Alerts, "*.rules.yml")
           from rule in List(Map(new DeserializerBuilder().Build().Deserialize<object>(File.ReadAllText(file)))["groups"]).SelectMany(set => List(Map(set)["rules"])).Select(Map)
           let notes = Map(rule["annotations"])
           select new AlertRule(
               (string)rule["alert"], (string)rule["expr"], (string)Map(rule["labels"])["severity"], (string)notes["summary"], (string)notes["runbook"], (string)notes["dashboard"]),
    ];

    public static Dictionary<object, object> Map(object yaml) => (Dictionary<object, object>)yaml;

    public static List<object> List(object yaml) => (List<object>)yaml;
}
