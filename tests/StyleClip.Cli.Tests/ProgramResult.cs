using System.Text.Json;

namespace StyleClip.Cli.Tests;

/// <summary>How a process ended and what it wrote.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The document of <c>--output json</c>.</summary>
    public JsonElement Document => JsonDocument.Parse(Output).RootElement;

    /// <summary>Digest of each mapper by slug.</summary>
    public IReadOnlyDictionary<string, string> Mappers => Document.GetProperty("jobs").EnumerateArray()
        .ToDictionary(job => job.GetProperty("slug").GetString()!, job => job.GetProperty("mapper").GetProperty("sha256").GetString()!);
}
