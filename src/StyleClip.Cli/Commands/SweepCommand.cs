using System.CommandLine;
using StyleClip.Cli.Remote;
using StyleClip.Cli.Running.Display;
using StyleClip.Client.Sweeps;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip sweep</c>: sweeps of a cluster, over its gateway.</summary>
internal static class SweepCommand
{
    public static Command Create() => new("sweep", "Submit and follow sweeps of a cluster.")
    {
        Submit(),
        List(),
        Show(),
        Watch(),
        Verb("pause", "Let every job write a checkpoint and stand still.", (sweeps, id, ct) => sweeps.Pause(id, ct)),
        Verb("resume", "Let a paused sweep go on.", (sweeps, id, ct) => sweeps.Resume(id, ct)),
        Verb("cancel", "End every job that has not ended; what was published stays.", (sweeps, id, ct) => sweeps.Cancel(id, ct)),
    };

    private static Argument<string> Id() => new("sweep") { Description = "Id of the sweep." };

    private static Command Submit()
    {
        var file = new Argument<FileInfo>("spec") { Description = "The sweep spec, YAML." };
        var watch = new Option<bool>("--watch") { Description = "Follow the sweep until it ends." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the jobs that the spec expands to; submit nothing." };
        return RemoteOptions.AddTo(new Command("submit", "Submit a sweep. The same spec is the same sweep: what is done is not done again.") { file, watch, dryRun }, async call =>
        {
            var spec = new SweepSpecFile(call.Client, call.Parsed.GetRequiredValue(file).ToString());
            if (call.Parsed.GetValue(dryRun))
            {
                SweepOutline outline = await spec.Outline(call.Cancellation);
                call.Write(outline, () => WriteOutline(outline));
                return ExitCodes.Success;
            }

            SweepSubmission submission = await spec.Submit(call.Cancellation);
            if (!call.Parsed.GetValue(watch))
            {
                call.Write(submission, () => WriteSubmission(submission));
                return ExitCodes.Success;
            }

            if (!call.IsJson) Console.WriteLine(SubmissionText.Headline(submission));
            return await SweepWatch.Follow(call, submission.Sweep.Id);
        });
    }

    private static Command List() => RemoteOptions.AddTo(new Command("list", "List the sweeps of the cluster."), async call =>
    {
        var sweeps = new List<SweepSummary>();
        await foreach (SweepSummary sweep in call.Client.Sweeps.List(call.Cancellation)) sweeps.Add(sweep);
        call.Write(sweeps, () =>
        {
            var listing = new Listing("sweep", "phase", "jobs", "");
            foreach (SweepSummary sweep in sweeps) listing.Add(sweep.Id.Value, PhaseText.Of(sweep.Phase), $"{sweep.Jobs.Values.Sum()}", PhaseText.Of(sweep.Jobs));
            listing.Write();
        });
    });

    private static Command Show()
    {
        Argument<string> id = Id();
        return RemoteOptions.AddTo(new Command("show", "How a sweep and each of its jobs stand.") { id }, async call =>
        {
            SweepStatus status = await SweepWatch.Status(call, new SweepId(call.Parsed.GetRequiredValue(id)));
            call.Write(status, () =>
            {
                Console.WriteLine($"{status.Id}: {PhaseText.Of(status.Phase)}");
                Listing listing = new Listing("job", "prompt", "method", "phase", "step", "steps/s", "left", "CLIP gain", "identity", "domain", "restarts", "device", "").Omit("method", MethodText.Usual).Omit("domain", JobText.Absent);
                foreach (JobStatus job in status.Jobs)
                {
                    listing.Add(
                        job.Id.Value, job.Prompt, MethodText.Of(job), JobText.Phase(job), JobText.Steps(job), JobText.Speed(job), JobText.Left(job), JobText.ClipGain(job),
                        JobText.IdentitySimilarity(job), JobText.Domain(job), $"{job.Restarts}", job.Device ?? "-", job.Reason ?? "");
                }

                listing.Write();
            });
        });
    }

    private static Command Watch()
    {
        Argument<string> id = Id();
        return RemoteOptions.AddTo(
            new Command("watch", "Follow a sweep until it ends or stands still. Connections that break are made again.") { id },
            call => SweepWatch.Follow(call, new SweepId(call.Parsed.GetRequiredValue(id))));
    }

    private static Command Verb(string verb, string description, Func<SweepsClient, SweepId, CancellationToken, Task<SweepSummary>> act)
    {
        Argument<string> id = Id();
        return RemoteOptions.AddTo(new Command(verb, description) { id }, async call =>
        {
            SweepSummary sweep = await act(call.Client.Sweeps, new SweepId(call.Parsed.GetRequiredValue(id)), call.Cancellation);
            call.Write(sweep, () => Console.WriteLine($"{sweep.Id}: {PhaseText.Of(sweep.Phase)}; {PhaseText.Of(sweep.Jobs)}"));
        });
    }

    private static void WriteSubmission(SweepSubmission submission)
    {
        SweepId id = submission.Sweep.Id;
        Console.WriteLine(SubmissionText.Headline(submission));
        Console.WriteLine($"  follow   styleclip sweep watch {id}");
        Console.WriteLine($"  jobs     styleclip sweep show {id}");
        Console.WriteLine($"  stop     styleclip sweep pause {id}   (or cancel)");
        Console.WriteLine("  results  styleclip mapper list");
    }

    private static void WriteOutline(SweepOutline outline)
    {
        Console.WriteLine($"{outline.Id}: {outline.Jobs.Count} jobs{(outline.Exists ? "; submitted before" : "")}");
        Listing listing = new Listing("job", "method", "recipe", "steps", "prompt").Omit("method", MethodText.Usual);
        foreach (JobOutline job in outline.Jobs) listing.Add(job.Id.Value, MethodText.Of(job.Method, job.Table), job.Recipe, $"{job.Steps}", job.Prompt);
        listing.Write();
    }
}
