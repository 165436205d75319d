using Microsoft.Extensions.Diagnostics.HealthChecks;
using StyleClip.Gateway.Security;

namespace StyleClip.Gateway.Health;

/// <summary>Whether the artifact store answers.</summary>
internal sealed class StoreHealth(ApiKeyBook keys) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await keys.List(cancellationToken).ConfigureAwait(false); // some small document that is always read
            return HealthCheckResult.Healthy();
        }
        catch (IOException)
        {
            return HealthCheckResult.Unhealthy("the store does not answer");
        }
    }
}
