using System.Text.Json;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cli.Running.Display;

/// <summary>One JSON document on standard output; progress is <paramref name="progress"/>'s business.</summary>
internal sealed class JsonDisplay(IRunDisplay progress, TextWriter output) : IRunDisplay
{
    public Task Watch(SweepStatus start, IAsyncEnumerable<SweepUpdate> updates) => progress.Watch(start, updates);

    public void Results(SweepStatus status, IReadOnlyList<JobResult> results) =>
        output.WriteLine(JsonSerializer.Serialize(RunDocument.Of(status, results), ContractJson.Options));

    public void Note(string text) => progress.Note(text);

    public void Error(string text) => progress.Error(text);
}
