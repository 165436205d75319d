using StyleClip.Cli.Running;
using StyleClip.Cli.Running.Display;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cli.Remote;

/// <summary>Follows a sweep on a screen until it has ended or stands still.</summary>
internal static class SweepWatch
{
    public static async Task<int> Follow(RemoteCall call, SweepId sweep)
    {
        IRunDisplay display = RunDisplays.For(call.Output);
        SweepStatus start = await Status(call, sweep);
        var interruptions = new Interruptions(display);
        await display.Watch(start, call.Client.Sweeps.Watch(sweep, Console.IsOutputRedirected ? interruptions : null, call.Cancellation));
        SweepStatus status = await Status(call, sweep);
        display.Results(status, [.. status.Jobs.Select(job => new JobResult { Job = job, MapperPath = null, CardPath = null, StripPath = null })]);
        if (status.Phase != SweepPhase.Ended)
        {
            display.Note($"Paused. `styleclip sweep resume {sweep}` lets it go on.");
            return ExitCodes.Paused;
        }

        return status.Jobs.All(job => job.Phase == JobPhase.Succeeded) ? ExitCodes.Success : ExitCodes.JobsDidNotSucceed;
    }

    /// <exception cref="ArgumentException">The cluster knows no such sweep.</exception>
    public static async Task<SweepStatus> Status(RemoteCall call, SweepId sweep) => await call.Client.Sweeps.Find(sweep, call.Cancellation)
        ?? throw new ArgumentException($"The cluster has no sweep {sweep}. `styleclip sweep list` shows those that it has.");

    private sealed class Interruptions(IRunDisplay display) : IProgress<Exception>
    {
        public void Report(Exception value) => display.Error($"The connection broke ({value.Message}); it is made again.");
    }
}
