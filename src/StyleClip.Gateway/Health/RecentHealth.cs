using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace StyleClip.Gateway.Health;

/// <summary>The newest health report, at most a second old.</summary>
internal sealed class RecentHealth(HealthCheckService checks, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _checking = new(1);
    private (HealthReport Report, DateTimeOffset At)? _newest;

    public async Task<HealthReport> Check(CancellationToken cancellationToken)
    {
        await _checking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_newest is not { } newest || time.GetUtcNow() - newest.At > MaxAge)
                _newest = newest = (await checks.CheckHealthAsync(cancellationToken).ConfigureAwait(false), time.GetUtcNow());
            return newest.Report;
        }
        finally
        {
            _checking.Release();
        }
    }

    public void Dispose() => _checking.Dispose();
}
