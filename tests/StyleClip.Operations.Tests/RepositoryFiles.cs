using System.Reflection;

namespace StyleClip.Operations.Tests;

/// <summary>Files of the repository that operators use.</summary>
internal static class RepositoryFiles
{
    public static readonly string Root = Metadata("Repository");
    public static readonly string Program = Metadata("Program");
    public static readonly string Alerts = Path.Combine(Root, "dashboards", "alerts");

    public static string Text(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    public static IReadOnlyList<Dashboard> Dashboards() =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, "dashboards"), "*.json").Order(StringComparer.Ordinal).Select(Dashboard.Read)];

    private static string Metadata(string key) =>
        typeof(RepositoryFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
