using Spectre.Console;
using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cli.Running.Display;

/// <summary>A table that refreshes in place: one row per prompt with bar, step, speed, time left and losses.</summary>
internal sealed class LiveDisplay(IAnsiConsole console, IAnsiConsole errors) : IRunDisplay
{
    private const int BarWidth = 20;

    public async Task Watch(SweepStatus start, IAsyncEnumerable<SweepUpdate> updates)
    {
        Dictionary<JobId, JobStatus> jobs = start.Jobs.ToDictionary(job => job.Id);
        await console.Live(Progress(start, jobs.Values)).StartAsync(async live =>
        {
            await foreach (SweepUpdate update in updates)
            {
                foreach (JobStatus job in update.Jobs) jobs[job.Id] = job;
                live.UpdateTarget(Progress(start, start.Jobs.Select(job => jobs[job.Id])));
            }
        });
    }

    public void Results(SweepStatus status, IReadOnlyList<JobResult> results)
    {
        bool showMethod = ShowMethod(status.Jobs);
        Table table = NewTable(["prompt", .. Method(showMethod), "result", "steps", "CLIP gain", "identity", "domain", "seconds", showMethod ? "sha256" : "mapper sha256"]);
        foreach (JobResult result in results)
        {
            JobStatus job = result.Job;
            table.AddRow(
            [
                new Text(job.Prompt),
                .. Method(job, showMethod),
                Phase(job),
                new Text(JobText.Steps(job)),
                new Text(JobText.ClipGain(job)),
                new Text(JobText.IdentitySimilarity(job)),
                new Text(JobText.Domain(job), new Style(IsBeyond(job) ? Color.Yellow : Color.Default)),
                new Text(JobText.Seconds(job)),
                new Text(job.Mapper is null ? "-" : job.Mapper.Digest.Hex[..16]),
            ]);
        }

        console.Write(table);
        foreach (JobResult result in results.Where(result => result.Job.Reason is not null))
            console.Write(new Text($"{result.Job.Prompt}: {result.Job.Reason}{Environment.NewLine}"));
        foreach (JobStatus job in status.Jobs.Where(IsBeyond)) console.Write(new Text($"{job.Prompt}: {job.Domain!.Sentence}{Environment.NewLine}"));
        if (results.FirstOrDefault(result => result.StripPath is not null)?.StripPath is { } strip)
            console.Write(new Text($"Results, cards and before/after strips: {Path.GetDirectoryName(Path.GetDirectoryName(strip))}{Environment.NewLine}"));
    }

    public void Note(string text) => console.Write(new Text(text + Environment.NewLine));

    public void Error(string text) => errors.Write(new Text(text + Environment.NewLine, new Style(Color.Red)));

    private static bool IsBeyond(JobStatus job) => job.Domain?.Verdict is DomainVerdict.Outside or DomainVerdict.Doubtful;

    private static Table Progress(SweepStatus sweep, IEnumerable<JobStatus> jobs)
    {
        bool showMethod = ShowMethod(sweep.Jobs);
        Table table = NewTable(["prompt", .. Method(showMethod), "", "step", "steps/s", "left", "CLIP", "ID", "L2", ""]);
        table.Title = new TableTitle($"sweep {sweep.Id}");
        foreach (JobStatus job in jobs)
        {
            table.AddRow(
            [
                new Text(job.Prompt),
                .. Method(job, showMethod),
                Bar(job),
                new Text(JobText.Steps(job)),
                new Text(JobText.Speed(job)),
                new Text(JobText.Left(job)),
                new Text(JobText.ClipLoss(job)),
                new Text(JobText.IdentityLoss(job)),
                new Text(JobText.LatentL2Loss(job)),
                job.Reason is null ? Phase(job) : new Text(job.Reason, new Style(Color.Grey)),
            ]);
        }

        return table;
    }

    private static bool ShowMethod(IEnumerable<JobStatus> jobs) => jobs.Any(job => MethodText.Of(job) != MethodText.Usual);

    private static string[] Method(bool isShown) => isShown ? ["method"] : [];

    private static Text[] Method(JobStatus job, bool isShown) => isShown ? [new Text(MethodText.Of(job))] : [];

    private static Table NewTable(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns([.. columns.Select(column => new TableColumn(new Text(column)))]);
        return table;
    }

    private static Markup Bar(JobStatus job)
    {
        int done = job.StepsTarget == 0 ? 0 : Math.Min(BarWidth, BarWidth * job.Step / job.StepsTarget);
        return new Markup($"[green]{new string('━', done)}[/][grey]{new string('━', BarWidth - done)}[/]");
    }

    private static Text Phase(JobStatus job) => new(JobText.Phase(job), new Style(job.Phase switch
    {
        JobPhase.Succeeded => Color.Green,
        JobPhase.Failed or JobPhase.Rejected or JobPhase.Cancelled => Color.Red,
        JobPhase.Paused or JobPhase.Pausing => Color.Yellow,
        _ => Color.Default,
    }));
}
