using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StyleClip.Contracts.Telemetry;

namespace StyleClip.Gateway.Metrics;

/// <summary>Serves the process's metrics to Prometheus at <c>/metrics</c>, on a port of its own; <c>/alive</c> says that the process answers.</summary>
public sealed class MetricsServer : IAsyncDisposable
{
    /// <summary>What is exported beside the product's own instruments.</summary>
    private static readonly string[] Meters = [StyleClipMeter.Name, "Microsoft.Orleans", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly WebApplication _application;
    private readonly MetricsReader _reader;
    private readonly BuildInstruments _build = new();

    private MetricsServer(WebApplication application, MetricsReader reader) => (_application, _reader) = (application, reader);

    /// <summary>Where the metrics are.</summary>
    public Uri Address => new(new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()), "metrics");

    /// <summary>Starts to serve on loopback.</summary>
    /// <param name="port">Port; 0 takes a free one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static Task<MetricsServer> Start(int port, CancellationToken cancellationToken) => Start(new MetricsOptions { Port = port }, cancellationToken);

    /// <summary>Starts to serve.</summary>
    /// <param name="options">Where, and how long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<MetricsServer> Start(MetricsOptions options, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen, options.Port);
        });
        WebApplication application = builder.Build();
        var reader = new MetricsReader(IsExported, options.Retention, TimeProvider.System);
        var server = new MetricsServer(application, reader);
        // Scraping is not a request that anybody waits for: it stays out of the histogram of requests.
        application.MapGet("/metrics", (HttpContext http) => reader.Answer(http)).DisableHttpMetrics();
        application.MapGet("/alive", () => TypedResults.Text("alive\n")).DisableHttpMetrics();
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync().ConfigureAwait(false);
        _reader.Dispose();
        _build.Dispose();
    }

    private static bool IsExported(Instrument instrument) =>
        Meters.Contains(instrument.Meter.Name) && (instrument.Meter.Name != "Microsoft.AspNetCore.Hosting" || instrument.Name == "http.server.request.duration");
}
