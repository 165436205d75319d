using Microsoft.Extensions.Diagnostics.HealthChecks;
using StyleClip.Cluster.Scheduling;

namespace StyleClip.Gateway.Health;

/// <summary>Whether a node answers.</summary>
internal sealed class ClusterHealth(IGrainFactory grains) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            SchedulerStatus status = await grains.GetGrain<ISchedulerGrain>(0).Status(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy($"{status.Devices} devices");
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or InvalidOperationException)
        {
            return HealthCheckResult.Unhealthy("no node answers");
        }
    }
}
