using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Hosting;
using StyleClip.Node;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Running;

/// <summary>A whole cluster in this process: one silo and this machine's devices, over a store that nobody else uses meanwhile.</summary>
internal sealed class EmbeddedCluster : IAsyncDisposable
{
    private const string NodeName = "local";

    private readonly IHost _host;

    private EmbeddedCluster(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<EmbeddedCluster> Start(RunRequest request, IArtifactStore store, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddFilter(level => level >= (request.Verbose ? LogLevel.Information : LogLevel.Error));
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton(store);
        builder.UseOrleans(silo => silo
            .UseSingleNodeCluster(NodeName)
            .AddStyleClipNode(new NodeOptions
            {
                Name = NodeName,
                Device = request.Device,
                Devices = request.Devices,
                ThreadsPerDevice = request.ThreadsPerDevice,
                CacheDirectory = Path.Combine(request.StoreDirectory, "cache", "packs"),
            }));
        IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new EmbeddedCluster(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
