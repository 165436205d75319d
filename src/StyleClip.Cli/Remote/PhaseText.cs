using System.Text.Json;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Cli.Remote;

/// <summary>Phases as people read them.</summary>
internal static class PhaseText
{
    public static string Of<T>(T phase) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(phase.ToString());

    /// <summary>Such as <c>2 running, 10 succeeded</c>.</summary>
    public static string Of(IReadOnlyDictionary<JobPhase, int> jobs) =>
        string.Join(", ", jobs.OrderBy(phase => phase.Key).Select(phase => $"{phase.Value} {Of(phase.Key)}"));
}
