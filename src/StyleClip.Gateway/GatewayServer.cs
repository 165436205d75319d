using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Json;
using StyleClip.Gateway.Catalogue;
using StyleClip.Gateway.Description;
using StyleClip.Gateway.Health;
using StyleClip.Gateway.Hosting;
using StyleClip.Gateway.Jobs;
using StyleClip.Gateway.Nodes;
using StyleClip.Gateway.Packs;
using StyleClip.Gateway.Problems;
using StyleClip.Gateway.Security;
using StyleClip.Gateway.Sweeps;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Directions;
using StyleClip.Storage.Packs;

namespace StyleClip.Gateway;

/// <summary>The HTTP front of a cluster: sweeps, jobs, nodes, catalogue and artifacts under <c>/v1</c>.</summary>
public sealed class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private GatewayServer(WebApplication application) => _application = application;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Starts to serve.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="store">The cluster's store.</param>
    /// <param name="compose">Adds what the gateway takes from outside: a client of the cluster (<see cref="IGrainFactory"/>),
    /// <see cref="IPackTexts"/>, logging.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The port is taken, or the store does not answer.</exception>
    /// <exception cref="InvalidOperationException">Others than this machine could reach the gateway, and there is no API key.</exception>
    public static async Task<GatewayServer> Start(GatewayOptions options, IArtifactStore store, Action<IHostApplicationBuilder> compose, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        compose(builder);
        AddServices(builder.Services, options, store);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = SpecBody.MaxBytes;
            kestrel.Listen(options.Listen, options.Port);
        });
        WebApplication application = builder.Build();
        try
        {
            await RequireKeys(options, application.Services.GetRequiredService<ApiKeyBook>(), application.Services.GetRequiredService<TimeProvider>(), cancellationToken).ConfigureAwait(false);
            Map(application, options);
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            return new GatewayServer(application);
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends when the process is asked to end.</summary>
    public Task WaitForShutdown(CancellationToken cancellationToken) => _application.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private static void AddServices(IServiceCollection services, GatewayOptions options, IArtifactStore store)
    {
        services.AddSingleton(options);
        services.AddSingleton(store);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<PackLibrary>();
        services.AddSingleton<DirectionLibrary>();
        services.AddSingleton<Storage.Catalogue.Catalogue>();
        services.AddSingleton<SweepIndex>();
        services.AddSingleton<JobIndex>();
        services.AddSingleton<SweepPlanner>();
        services.AddSingleton<CatalogueInstruments>();
        services.AddApiKeys();
        services.AddHealth();
        services.AddApiDescription();
        services.AddExceptionHandler<Failures>();
        services.AddProblemDetails(); // the exception handler wants it registered; Failures answers every exception itself
        services.ConfigureHttpJsonOptions(json => ContractJson.Configure(json.SerializerOptions));
        services.Configure<RouteOptions>(routes =>
        {
            routes.SetParameterPolicy<NameConstraint>(NameConstraint.Key);
            routes.SetParameterPolicy<DigestConstraint>(DigestConstraint.Key);
        });
    }

    private static void Map(WebApplication application, GatewayOptions options)
    {
        application.UseExceptionHandler();
        application.UseStatusCodePages(Failures.DescribeStatus);
        application.Use(Guard);
        application.UseAuthentication();
        application.UseMiddleware<ChangeLog>();
        application.UseAuthorization();
        HealthApi.Map(application);
        application.MapOpenApi().Needs(ApiRole.Read);
        RouteGroupBuilder api = application.MapGroup("/v1").RefusesAlways(ProblemKind.Unauthenticated, ProblemKind.Forbidden, ProblemKind.ClusterUnavailable);
        SweepsApi.Map(api);
        JobsApi.Map(api);
        NodesApi.Map(api);
        CatalogueApi.Map(api);
        ArtifactsApi.Map(api, options);
        PacksApi.Map(api);
    }

    // Answers are data for one key: not to be guessed at by browsers, not to be kept by caches that nobody asked.
    private static Task Guard(HttpContext http, RequestDelegate next)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store";
        return next(http);
    }

    private static async Task RequireKeys(GatewayOptions options, ApiKeyBook keys, TimeProvider time, CancellationToken cancellationToken)
    {
        if (IPAddress.IsLoopback(options.Listen)) return;
        if ((await keys.List(cancellationToken).ConfigureAwait(false)).Any(key => key.IsValid(time.GetUtcNow()))) return;
        throw new InvalidOperationException($"The gateway would listen on {options.Listen}, where others reach it, and there is no valid API key. Make one first: styleclip key create --role admin.");
    }
}
