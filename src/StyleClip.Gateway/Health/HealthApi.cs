using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StyleClip.Contracts.Json;

namespace StyleClip.Gateway.Health;

/// <summary>
/// The two addresses that need no key. <c>/alive</c>: the process answers. <c>/health</c>: it can serve, that is a node and the store
/// answer; asked too often it repeats what it found a second ago, so that a stranger cannot load the cluster through it.
/// </summary>
internal static class HealthApi
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<ClusterHealth>("cluster", timeout: TimeSpan.FromSeconds(5)).AddCheck<StoreHealth>("store", timeout: TimeSpan.FromSeconds(5));
        services.AddSingleton<RecentHealth>();
        return services;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/alive", () => TypedResults.Text("alive\n")).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/health", async (RecentHealth health, CancellationToken cancellationToken) =>
        {
            HealthReport report = await health.Check(cancellationToken).ConfigureAwait(false);
            return TypedResults.Json(
                report.Entries.ToDictionary(entry => entry.Key, entry => $"{entry.Value.Status.ToString().ToLowerInvariant()}{(entry.Value.Description is { } text ? $": {text}" : "")}"),
                ContractJson.Options,
                statusCode: report.Status == HealthStatus.Healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).AllowAnonymous().ExcludeFromDescription();
    }
}
