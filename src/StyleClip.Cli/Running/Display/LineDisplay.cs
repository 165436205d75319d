using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cli.Running.Display;

/// <summary>Plain lines, for pipes and logs: one when a job changes its phase and one per validation.</summary>
internal sealed class LineDisplay(TextWriter output, TextWriter errors) : IRunDisplay
{
    private readonly Dictionary<JobId, (JobPhase Phase, int? Validated, string? Reason)> _shown = [];

    public async Task Watch(SweepStatus start, IAsyncEnumerable<SweepUpdate> updates)
    {
        output.WriteLine($"Sweep {start.Id}: {start.Jobs.Count} jobs");
        await foreach (SweepUpdate update in updates)
        {
            foreach (JobStatus job in update.Jobs) Show(job);
        }
    }

    public void Results(SweepStatus status, IReadOnlyList<JobResult> results)
    {
        foreach (JobResult result in results)
        {
            JobStatus job = result.Job;
            output.WriteLine(
                $"{job.Slug}: {JobText.Phase(job)}, {JobText.Steps(job)} steps, CLIP gain {JobText.ClipGain(job)}, identity " +
                $"{JobText.IdentitySimilarity(job)}, {JobText.Seconds(job)} s{(job.Reason is null ? "" : $". {job.Reason}")}");
            if (job.Domain is { } domain) output.WriteLine($"  domain {JobText.Domain(job)}. {domain.Sentence}");
            if (result.MapperPath is not null) output.WriteLine($"  {MethodText.Result(job.Method, job.Table),-6} {result.MapperPath} sha256 {job.Mapper!.Digest.Hex}");
            if (result.StripPath is not null) output.WriteLine($"  strip  {result.StripPath}");
        }
    }

    public void Note(string text) => output.WriteLine(text);

    public void Error(string text) => errors.WriteLine(text);

    private void Show(JobStatus job)
    {
        var now = (job.Phase, job.LastValidation?.Step, job.Reason);
        if (_shown.TryGetValue(job.Id, out var before) && before == now) return;
        _shown[job.Id] = now;
        output.WriteLine(
            $"{job.Slug}: {JobText.Phase(job)}, step {JobText.Steps(job)}, {JobText.Speed(job)} steps/s, left {JobText.Left(job)}, CLIP " +
            $"{JobText.ClipLoss(job)}, ID {JobText.IdentityLoss(job)}, L2 {JobText.LatentL2Loss(job)}{(job.Reason is null ? "" : $" ({job.Reason})")}");
    }
}
