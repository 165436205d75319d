using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cluster.Recovery;

internal sealed partial class RecoveryGrain(IArtifactStore store, ILogger<RecoveryGrain> logger) : Grain, IRecoveryGrain
{
    private Task<bool>? _pass;
    private Task<bool>? _next;

    // Nodes ask at the same moments. Whoever asks during a pass shares the one after it.
    public Task<bool> Recover(CancellationToken cancellationToken)
    {
        if (_pass is { IsCompleted: false }) return _next ??= Follow(_pass);
        return _pass = ReviveAll();
    }

    private async Task<bool> Follow(Task<bool> pass)
    {
        await pass;
        _next = null;
        return await (_pass = ReviveAll());
    }

    private async Task<bool> ReviveAll()
    {
        bool isComplete = true;
        try
        {
            await foreach (SweepId sweep in new SweepIndex(store).List(CancellationToken.None)) isComplete &= await Revive(sweep);
        }
        catch (IOException exception)
        {
            LogUnreadable(exception);
            return false;
        }

        return isComplete;
    }

    private async Task<bool> Revive(SweepId sweep)
    {
        try
        {
            await GrainFactory.GetGrain<ISweepGrain>(sweep.Value).Revive(CancellationToken.None);
            return true;
        }
        catch (Exception exception) // a sweep that cannot be revived must not stop the others
        {
            LogNotRevived(exception, sweep);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The store's sweeps cannot be listed; it will be tried again")]
    private partial void LogUnreadable(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Sweep {Sweep} could not be revived; it will be tried again")]
    private partial void LogNotRevived(Exception exception, SweepId sweep);
}
