using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace StyleClip.Cluster.Recovery;

/// <summary>Asks for recovery when this node starts, whenever a node has died, and now and then.</summary>
internal sealed partial class RecoveryService(
    IGrainFactory grains, IClusterMembershipService membership, TimeProvider time, ILogger<RecoveryService> logger) : BackgroundService
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(3);

    /// <summary>Second line, for what no death tells of: a grain that put itself down when the store failed it.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _died = new(0);

    public override void Dispose()
    {
        _died.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task watching = WatchDeaths(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            bool isDone = await TryRecover(stoppingToken);
            if (isDone) await ((Task)_died.WaitAsync(Period, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else await Task.Delay(RetryPeriod, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await watching;
    }

    private async Task<bool> TryRecover(CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetGrain<IRecoveryGrain>(0).Recover(cancellationToken);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            LogUnanswered(exception);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task WatchDeaths(CancellationToken cancellationToken)
    {
        int known = membership.CurrentSnapshot.Members.Values.Count(IsDead);
        try
        {
            await foreach (ClusterMembershipSnapshot snapshot in membership.MembershipUpdates.WithCancellation(cancellationToken))
            {
                int dead = snapshot.Members.Values.Count(IsDead);
                if (dead > known) _died.Release();
                known = dead; // rows of the dead are removed after a while
            }
        }
        catch (OperationCanceledException)
        {
            // the node stops
        }
    }

    private static bool IsDead(ClusterMember member) => member.Status == SiloStatus.Dead;

    [LoggerMessage(LogLevel.Warning, "Recovery was not answered; it will be asked for again")]
    private partial void LogUnanswered(Exception exception);
}
