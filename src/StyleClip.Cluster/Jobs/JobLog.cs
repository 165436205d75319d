using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Cluster.Jobs;

/// <summary>The lines that a job's log gets.</summary>
internal static class JobLog
{
    /// <summary>Lines that are kept; the oldest go first.</summary>
    private const int Capacity = 100;

    /// <summary><paramref name="next"/> with a line on what led to it, where that is worth one.</summary>
    public static JobState WithLine(JobState previous, JobState next, JobEvent happened, DateTimeOffset now)
    {
        if (Message(previous, next, happened) is not { } message) return next;
        var entry = new JobLogEntry { At = now, Epoch = next.Epoch, Step = next.Result?.Steps ?? next.CheckpointStep, Message = message };
        return next with { Log = [.. next.Log.TakeLast(Capacity - 1), entry] };
    }

    private static string? Message(JobState previous, JobState next, JobEvent happened) => happened switch
    {
        JobEvent.Submitted => "submitted",
        JobEvent.Assigned e => next.Checkpoint is null ? $"begins on {e.Lease}" : $"goes on from step {next.CheckpointStep} on {e.Lease}",
        JobEvent.Refused e => $"{Named(previous, e.Lease)} did not begin; waits for a device",
        JobEvent.Joined e => $"{e.Lease} joins; width {1 + next.Followers.Length}",
        JobEvent.Left e => Leaves(previous, next, e.Lease),
        JobEvent.Stopped e => next.Phase.HoldsDevice() ? Leaves(previous, next, e.Lease) : next.Phase == JobPhase.Paused ? "paused" : "stopped; waits for a device",
        JobEvent.WorkerFailed e => $"{Named(previous, e.Lease)} failed ({e.Kind}): {e.Reason}{(next.Phase.HoldsDevice() ? $" Goes on with width {1 + next.Followers.Length}." : "")}",
        JobEvent.Trained e => $"{Done(next)}, {e.Result.Steps} steps",
        JobEvent.Published => next.Phase == JobPhase.Succeeded ? "published" : $"rejected: {next.Reason}",
        JobEvent.PauseAsked => "asked to pause",
        JobEvent.ResumeAsked => "asked to resume",
        JobEvent.CancelAsked => "cancelled",
        _ => null,
    };

    private static string Done(JobState job) => job.Spec switch
    {
        { Table: not null } => "measured",
        { Method: EditMethod.Direction } => "found",
        { Method: EditMethod.Optimization } => "optimised",
        _ => "trained",
    };

    private static string Leaves(JobState previous, JobState next, Guid lease) =>
        $"{Named(previous, lease)} leaves{(previous.Lease?.Id == lease ? $", {next.Lease} leads" : "")}; width {1 + next.Followers.Length}";

    private static string Named(JobState job, Guid lease) =>
        job.View()?.Members.FirstOrDefault(member => member.Id == lease)?.ToString() ?? "a worker";
}
