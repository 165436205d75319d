using System.Globalization;

namespace StyleClip.TestServers;

/// <summary>A Prometheus that scrapes what its configuration names.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ServerProcess _process;

    private PrometheusServer(ServerProcess process, int port, string folder) => (_process, Port, _folder) = (process, port, folder);

    /// <summary>Where it listens, on the loopback interface.</summary>
    public int Port { get; }

    /// <summary>Its process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Its HTTP interface.</summary>
    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/"));

    /// <summary>What it has printed.</summary>
    public string Log => _process.Log;

    /// <summary>Starts one on a free port.</summary>
    /// <param name="configuration">The text of its prometheus.yml.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<PrometheusServer> Start(string configuration, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("styleclip-prometheus-").FullName;
        try
        {
            string file = Path.Combine(folder, "prometheus.yml");
            await File.WriteAllTextAsync(file, configuration, cancellationToken);
            (ServerProcess process, int port) = await ServerProcess.Start(
                "Prometheus",
                "Server is ready to receive web requests",
                free =>
                [
                    TestTools.Program("prometheus"), "--config.file", file, "--storage.tsdb.path", Path.Combine(folder, "data"),
                    "--web.listen-address", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{free}"),
                ],
                cancellationToken);
            return new PrometheusServer(process, port, folder);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Kills it and removes its samples.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
