using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StyleClip.Cluster.Hosting;
using StyleClip.Contracts.Packs;
using StyleClip.Gateway;
using StyleClip.Gateway.Metrics;
using StyleClip.Gateway.Packs;
using StyleClip.Gateway.Security;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Domain;
using StyleClip.Storage.Packs;

namespace StyleClip.Cli.Gateways;

/// <summary>One <c>styleclip gateway</c>: waits for a node, serves until it is told to stop.</summary>
internal sealed class GatewaySession(GatewayRequest request)
{
    public async Task<int> Run(CancellationToken cancellationToken)
    {
        try
        {
            if (request.RedisConnection is { } redis && await RedisReach.Mistake("--redis", redis, cancellationToken) is { } mistake)
            {
                await Console.Error.WriteLineAsync(mistake);
                return ExitCodes.BadInput;
            }

            using IArtifactStore store = ArtifactStores.Open(request.Store);
            await PublishShippedPacks(store, cancellationToken);
            if ((await new ApiKeyBook(store, TimeProvider.System).List(cancellationToken)).Count == 0)
                await Console.Error.WriteLineAsync($"There is no API key yet: every call is refused. Make one with: styleclip key create --role admin --store {request.Store}");
            await using MetricsServer? metrics = request.Metrics is { } served ? await MetricsServer.Start(served, cancellationToken) : null;
            if (metrics is not null) Console.WriteLine($"Metrics at {metrics.Address}");
            Console.WriteLine($"Looking for nodes of the cluster {request.ClusterId} in {request.Store}");
            await using GatewayServer server = await GatewayServer.Start(
                new Gateway.GatewayOptions { Listen = request.Listen, Port = request.Port }, store, Compose, cancellationToken);
            Console.WriteLine($"Gateway at {server.Address}, process {Environment.ProcessId}");
            await server.WaitForShutdown(cancellationToken);
            return ExitCodes.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.BadInput;
        }
    }

    private void Compose(IHostApplicationBuilder builder)
    {
        ServerLogging.Add(builder.Logging, request.Verbose);
        builder.Services.AddSingleton<IPackTexts, PackTexts>();
        builder.AddStoreClusterClient(new StoreClusterClientOptions { ClusterId = request.ClusterId, RedisConnection = request.RedisConnection });
    }

    // Sweeps over HTTP name packs that the store knows; the packs that ship with the program should not have to be imported first.
    private static async Task PublishShippedPacks(IArtifactStore store, CancellationToken cancellationToken)
    {
        string shipped = Path.Combine(AppContext.BaseDirectory, "packs");
        if (!Directory.Exists(shipped)) return;
        var library = new PackLibrary(store);
        foreach (string folder in Directory.EnumerateDirectories(shipped))
        {
            if (!File.Exists(Path.Combine(folder, PackManifest.FileName))) continue;
            if (await library.Find(Path.GetFileName(folder), cancellationToken) is not { } stored) await library.Publish(folder, cancellationToken);
            else await new CalibrationLibrary(store).PublishBeside(folder, stored, cancellationToken); // a store that is older than the calibration
        }
    }
}
