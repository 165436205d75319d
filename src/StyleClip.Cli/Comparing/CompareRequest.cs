using StyleClip.Cli.Running;

namespace StyleClip.Cli.Comparing;

/// <summary>What <c>styleclip compare</c> was asked for.</summary>
/// <param name="Run">The spec, the store and the devices.</param>
/// <param name="Folder">Where the report is written.</param>
internal sealed record CompareRequest(RunRequest Run, string Folder)
{
    public string HtmlPath => Path.Combine(Folder, "report.html");

    public string JsonPath => Path.Combine(Folder, "report.json");
}
