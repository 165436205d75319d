using StyleClip.Cli.Running.Display;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;
using StyleClip.Node;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Running;

/// <summary>One <c>styleclip run</c>, from the spec on disk to the exit status.</summary>
internal sealed class RunSession(RunRequest request)
{
    private readonly IRunDisplay _display = RunDisplays.For(request.Output);

    public async Task<int> Run(CancellationToken cancellationToken)
    {
        try
        {
            using StoreLock storeLock = StoreLock.Claim(request.StoreDirectory);
            using var store = new DirectoryArtifactStore(request.StoreDirectory);
            SweepPlan plan = await SweepFile.Plan(request.SpecFile, store, cancellationToken);
            SweepStatus status = await Train(plan, store, cancellationToken);
            return await Report(status, store, cancellationToken);
        }
        catch (Exception exception) when (exception is SpecException or DeviceMissingException or StoreInUseException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _display.Error(exception.Message);
            return ExitCodes.BadInput;
        }
    }

    private async Task<SweepStatus> Train(SweepPlan plan, IArtifactStore store, CancellationToken cancellationToken)
    {
        await using EmbeddedRun run = await EmbeddedRun.Start(request, store, _display, cancellationToken);
        return (await run.Train([plan], cancellationToken))[0];
    }

    private async Task<int> Report(SweepStatus status, IArtifactStore store, CancellationToken cancellationToken)
    {
        IReadOnlyList<JobResult> results = await new ResultFolder(request.StoreDirectory, store).Write(status, cancellationToken);
        _display.Results(status, results);
        if (status.Phase != SweepPhase.Ended)
        {
            _display.Note("Paused. The same command goes on.");
            return ExitCodes.Paused;
        }

        return status.Jobs.All(job => job.Phase == JobPhase.Succeeded) ? ExitCodes.Success : ExitCodes.JobsDidNotSucceed;
    }
}
