using System.Diagnostics.Metrics;
using System.Reflection;
using StyleClip.Contracts.Telemetry;

namespace StyleClip.Gateway.Metrics;

/// <summary>What this process is: to see which build runs where, and to join others to it.</summary>
internal sealed class BuildInstruments : IDisposable
{
    private readonly Meter _meter = new(StyleClipMeter.Name);

    public BuildInstruments()
    {
        string[] product = Version(typeof(BuildInstruments).Assembly).Split('+', 2);
        KeyValuePair<string, object?>[] labels =
        [
            new("version", product[0]),
            new("commit", product.ElementAtOrDefault(1) ?? ""),
            new("orleans", Version(typeof(IGrain).Assembly).Split('+', ' ')[0].TrimEnd('.')),
            new("dotnet", Environment.Version.ToString()),
        ];
        _meter.CreateObservableGauge("styleclip_build_info", () => new Measurement<long>(1, labels), description: "1; carries the versions of this process");
    }

    public void Dispose() => _meter.Dispose();

    private static string Version(Assembly assembly) => assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
