using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using StyleClip.Contracts.Telemetry;

namespace StyleClip.Gateway.Metrics;

/// <summary>Serves the process's metrics to Prometheus at <c>/metrics</c>, on a port of its own; <c>/alive</c> says that the process answers.</summary>
public sealed class MetricsServer : IAsyncDisposable
{
    /// <summary>What is exported beside the product's own instruments.</summary>
    private static readonly string[] Meters = [StyleClipMeter.Name, "Microsoft.Orleans", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>
    /// Label sets that a metric of ours may have in the process's life; OpenTelemetry gives none back and shows all further ones as one. Six
    /// loss series a job are three thousand jobs. The exporter's own limit, 2,000, would be reached by some three hundred.
    /// </summary>
    private const int SeriesLimit = 20_000;

    private readonly WebApplication _application;
    private readonly BuildInstruments _build = new();

    private MetricsServer(WebApplication application) => _application = application;

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
    public static Task<MetricsServer> Start(MetricsOptions options, CancellationToken cancellationToken) => Start(options, IsExported, cancellationToken);

    internal static async Task<MetricsServer> Start(MetricsOptions options, Func<Instrument, bool> isExported, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen, options.Port);
        });
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(Meters)
            .AddView(instrument => !isExported(instrument) ? MetricStreamConfiguration.Drop
                : instrument.Meter.Name == StyleClipMeter.Name && !IsHistogram(instrument) ? new MetricStreamConfiguration { CardinalityLimit = SeriesLimit }
                : null)
            .AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0));
        WebApplication application = builder.Build();
        var server = new MetricsServer(application);
        // Scraping is not a request that anybody waits for: it stays out of the histogram of requests.
        application.MapPrometheusScrapingEndpoint().DisableHttpMetrics();
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
        _build.Dispose();
    }

    private static bool IsExported(Instrument instrument) =>
        Meters.Contains(instrument.Meter.Name) && (instrument.Meter.Name != "Microsoft.AspNetCore.Hosting" || instrument.Name == "http.server.request.duration");

    private static bool IsHistogram(Instrument instrument) => instrument is Histogram<double> or Histogram<long>;
}
