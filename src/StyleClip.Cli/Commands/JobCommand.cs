using System.CommandLine;
using System.Globalization;
using StyleClip.Cli.Remote;
using StyleClip.Cli.Running.Display;
using StyleClip.Client.Sweeps;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip job</c>: single jobs of sweeps, over the gateway.</summary>
internal static class JobCommand
{
    public static Command Create() => new("job", "Look at and steer single jobs.")
    {
        Show(),
        Logs(),
        Pull(),
        Verb("pause", "Let the job write a checkpoint and stand still.", (jobs, sweep, job, ct) => jobs.Pause(sweep, job, ct)),
        Verb("resume", "Let a paused job go on.", (jobs, sweep, job, ct) => jobs.Resume(sweep, job, ct)),
        Verb("cancel", "End the job.", (jobs, sweep, job, ct) => jobs.Cancel(sweep, job, ct)),
    };

    private static Argument<string> Address() => new("job") { Description = "The job as SWEEP/JOB." };

    private static Command Show()
    {
        Argument<string> address = Address();
        return RemoteOptions.AddTo(new Command("show", "How a job stands.") { address }, async call =>
        {
            (SweepId sweep, JobId id) = Parse(call.Parsed.GetRequiredValue(address));
            JobStatus job = await call.Client.Jobs.Find(sweep, id, call.Cancellation) ?? throw new ArgumentException($"The cluster has no job {sweep}/{id}.");
            call.Write(job, () => Write(job));
        });
    }

    private static Command Logs()
    {
        Argument<string> address = Address();
        return RemoteOptions.AddTo(new Command("logs", "What happened to a job, oldest first.") { address }, async call =>
        {
            (SweepId sweep, JobId id) = Parse(call.Parsed.GetRequiredValue(address));
            IReadOnlyList<JobLogEntry> log = await call.Client.Jobs.Log(sweep, id, call.Cancellation);
            call.Write(log, () =>
            {
                foreach (JobLogEntry entry in log)
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entry.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}  epoch {entry.Epoch}  step {entry.Step}  {entry.Message}"));
            });
        });
    }

    private static Command Pull()
    {
        Argument<string> address = Address();
        var pull = new MapperPull();
        var command = new Command("pull", "Copy what the job made here, published or rejected. No file appears before its digest is verified.") { address };
        pull.AddTo(command, canBeOffline: false);
        return RemoteOptions.AddTo(command, async call =>
        {
            (SweepId sweep, JobId id) = Parse(call.Parsed.GetRequiredValue(address));
            JobStatus job = await call.Client.Jobs.Find(sweep, id, call.Cancellation) ?? throw new ArgumentException($"The cluster has no job {sweep}/{id}.");
            if (job.Table is not null) throw new ArgumentException($"Job {sweep}/{id} measures a direction table; it has no edit to pull.");
            ArtifactRef card = job.Card ?? throw new ArgumentException($"Job {sweep}/{id} is {JobText.Phase(job)}; it has made nothing yet.");
            await pull.Run(call, library => library.Pull(card, call.Cancellation));
        });
    }

    private static Command Verb(string verb, string description, Func<JobsClient, SweepId, JobId, CancellationToken, Task<JobStatus>> act)
    {
        Argument<string> address = Address();
        return RemoteOptions.AddTo(new Command(verb, description) { address }, async call =>
        {
            (SweepId sweep, JobId id) = Parse(call.Parsed.GetRequiredValue(address));
            JobStatus job = await act(call.Client.Jobs, sweep, id, call.Cancellation);
            call.Write(job, () => Console.WriteLine($"{sweep}/{id}: {JobText.Phase(job)}"));
        });
    }

    private static (SweepId Sweep, JobId Job) Parse(string address) => address.Split('/') is [{ Length: > 0 } sweep, { Length: > 0 } job]
        ? (new SweepId(sweep), new JobId(job))
        : throw new ArgumentException($"The job is '{address}'; it must be SWEEP/JOB, as `styleclip sweep show` prints them.");

    private static void Write(JobStatus job)
    {
        string method = MethodText.Of(job);
        var lines = new List<(string Name, string? Value)>
        {
            ("job", $"{job.Sweep}/{job.Id}"),
            (job.Table is null ? "prompt" : "table", job.Prompt),
            ("method", method == MethodText.Usual ? null : method),
            ("phase", JobText.Phase(job)),
            ("reason", job.Reason),
            ("step", JobText.Steps(job)),
            ("steps/s", JobText.Speed(job)),
            ("left", JobText.Left(job)),
            ("device", job.Device),
            ("width", $"{job.Width}"),
            ("restarts", $"{job.Restarts}"),
            ("checkpoint", job.CheckpointStep == 0 ? null : $"step {job.CheckpointStep}"),
            ("losses", job.LastStep is null && job.LastValidation is null ? null : $"CLIP {JobText.ClipLoss(job)}, ID {JobText.IdentityLoss(job)}, L2 {JobText.LatentL2Loss(job)}"),
            ("best", job.Table is not null ? null : $"CLIP gain {JobText.ClipGain(job)}, identity {JobText.IdentitySimilarity(job)}"),
            ("domain", job.Domain is { } domain ? $"{JobText.Domain(job)}. {domain.Sentence}" : null),
            ("device s", JobText.Seconds(job)),
            ("card", Name(job.Card)),
            (job.Table is null ? MethodText.Result(job.Method) : "digest", Name(job.Mapper)),
            ("strip", Name(job.Strip)),
        };
        foreach ((string name, string? value) in lines.Where(line => line.Value is not null)) Console.WriteLine($"{name,-12}{value}");
    }

    private static string? Name(ArtifactRef? artifact) => artifact?.Digest.ToString();
}
