using System.Globalization;

namespace StyleClip.ControlPlane;

/// <summary>What a simulation cost.</summary>
internal sealed record SimulationReport(
    ControlPlaneOptions Options,
    int Succeeded,
    int Started,
    TimeSpan Submit,
    TimeSpan Total,
    TimeSpan Cpu,
    long Events,
    long PeakBytes,
    IReadOnlyList<(string Call, int Count, double Median, double P95)> Latencies)
{
    public IEnumerable<string> Lines()
    {
        yield return Line($"jobs {Options.Jobs} in {Options.Sweeps} sweeps, nodes {Options.Nodes} x {Options.DevicesPerNode}, silos {Options.Silos}, store {(Options.Store is null ? "memory" : "folder")}");
        yield return Line($"succeeded            {Succeeded}");
        yield return Line($"segments begun       {Started}");
        yield return Line($"submit               {Submit.TotalSeconds:0.00} s");
        yield return Line($"total                {Total.TotalSeconds:0.00} s");
        yield return Line($"jobs a second        {Started / Total.TotalSeconds:0}");
        yield return Line($"events               {Events}, {Events / Total.TotalSeconds:0} a second");
        yield return Line($"processor            {Cpu.TotalSeconds:0.0} s, {Cpu.TotalMilliseconds / Options.Jobs:0.00} ms a job, {Cpu.TotalMilliseconds / Events:0.000} ms an event");
        yield return Line($"largest memory       {PeakBytes / 1e6:0} MB");
        foreach ((string call, int count, double median, double p95) in Latencies)
            yield return Line($"{call,-12} {count,8}  p50 {median,8:0.00} ms  p95 {p95,8:0.00} ms");
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
