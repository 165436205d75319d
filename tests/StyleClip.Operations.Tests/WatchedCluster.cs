using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using StyleClip.TestServers;

namespace StyleClip.Operations.Tests;

/// <summary>
/// What deploy/compose.yaml starts, as processes of this machine: Azurite, two nodes, a gateway, and a Prometheus that has
/// deploy/prometheus.yml with other addresses. A sweep over the demo pack has been submitted, trained and pulled when tests begin.
/// </summary>
public sealed partial class WatchedCluster : IAsyncLifetime
{
    private const string Store = "azure://watched";

    private static readonly TimeSpan TrainLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SeenLimit = TimeSpan.FromSeconds(60);

    private readonly List<IAsyncDisposable> _servers = [];
    private readonly HttpClient _http = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-operations-").FullName;
    private readonly Dictionary<string, string> _environment = [];
    private Uri? _prometheus;
    private DateTimeOffset _began;

    /// <summary>The metrics pages of the nodes and the gateway, when the sweep had ended.</summary>
    public IReadOnlyDictionary<string, string> Pages { get; private set; } = new Dictionary<string, string>();

    public string Sweep { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TrainLimit);
        CancellationToken cancellationToken = limit.Token;
        AzuriteServer blobs = Keep(await AzuriteServer.Start(cancellationToken));
        _environment["AZURE_STORAGE_CONNECTION_STRING"] = blobs.ConnectionString;
        _environment["STYLECLIP_API_KEY"] = (await Command(cancellationToken, "key", "create", "--role", "admin", "--store", Store)).Trim();

        Task<int> first = Serve("node-1", " is ready: ", cancellationToken, Node("node-1")), second = Serve("node-2", " is ready: ", cancellationToken, Node("node-2"));
        int http = FreePort.Find();
        _environment["STYLECLIP_GATEWAY"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{http}");
        int gateway = await Serve("gateway", "Gateway at ", cancellationToken, "gateway", "--store", Store, "--port", http.ToString(CultureInfo.InvariantCulture));
        var targets = new Dictionary<string, int> { ["node-1"] = await first, ["node-2"] = await second, ["gateway"] = gateway };
        PrometheusServer prometheus = Keep(await PrometheusServer.Start(Configuration(targets), cancellationToken));
        (_prometheus, _began) = (prometheus.Address, TimeProvider.System.GetUtcNow());

        string spec = Path.Combine(_folder, "sweep.yaml");
        await File.WriteAllTextAsync(spec, Spec, cancellationToken);
        await Command(cancellationToken, "sweep", "submit", spec, "--watch");
        using JsonDocument mappers = JsonDocument.Parse(await Command(cancellationToken, "mapper", "list", "--output", "json"));
        string slug = mappers.RootElement[0].GetProperty("slug").GetString()!;
        await Command(cancellationToken, "mapper", "pull", slug, "--out", Path.Combine(_folder, "pulled"), "--cache", Path.Combine(_folder, "cache"));

        await Seen("sum(styleclip_sweep_jobs{state=\"succeeded\"}) == 3", cancellationToken);
        await Seen("sum(rate(styleclip_catalogue_pull_total[10s])) >= 0", cancellationToken);
        Sweep = (await Instant("max by (sweep) (styleclip_sweep_jobs)", cancellationToken)).Single().GetProperty("metric").GetProperty("sweep").GetString()!;
        var pages = new Dictionary<string, string>();
        foreach ((string name, int port) in targets) pages[name] = await _http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), cancellationToken);
        Pages = pages;
    }

    /// <summary>Series of a query at any time since the start, each with at least one value that is a number.</summary>
    public async Task<IReadOnlyList<JsonElement>> Range(string query, CancellationToken cancellationToken)
    {
        // A second beyond now: the last point of the grid shall not lie before what was seen last.
        DateTimeOffset end = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1);
        JsonElement data = await Ask(
            string.Create(CultureInfo.InvariantCulture, $"query_range?query={Uri.EscapeDataString(query)}&start={Seconds(_began)}&end={Seconds(end)}&step=1"), cancellationToken);
        return [.. data.GetProperty("result").EnumerateArray().Where(series => series.GetProperty("values").EnumerateArray().Any(value => value[1].GetString() is not ("NaN" or "+Inf" or "-Inf")))];
    }

    /// <summary>Series of a query now.</summary>
    public async Task<IReadOnlyList<JsonElement>> Instant(string query, CancellationToken cancellationToken) =>
        [.. (await Ask($"query?query={Uri.EscapeDataString(query)}", cancellationToken)).GetProperty("result").EnumerateArray()];

    /// <summary>Data of one of Prometheus's addresses under /api/v1.</summary>
    public async Task<JsonElement> Ask(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(_prometheus!, $"api/v1/{path}"), cancellationToken);
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {text}");
        return JsonDocument.Parse(text).RootElement.GetProperty("data");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable server in Enumerable.Reverse(_servers)) await server.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // Three prompts for two devices: one waits, and the last one gets the other's device when that is free.
    private const string Spec = """
        name: watched
        pack: demo
        recipe:
          name: watched
          steps: 32
          optimizer: { kind: adam, learningRate: 1.0, schedule: cosine }
          batch: { size: 4, microShards: 2 }
          validation: { everySteps: 8 }
          checkpointEverySteps: 6
          stripFaces: 2
        bank: { count: 32, validation: 8, shardSize: 8 }
        seed: 11
        gate: { identitySimilarity: 0.1 }
        prompts:
        - a face with red hair
        - a smiling face
        - text: a face with glasses
          overrides: { steps: 200 } # long enough to be widened on a busy machine
        """;

    private string[] Node(string name) => ["node", "--store", Store, "--name", name, "--device", "cpu", "--devices", "1", "--cache", Path.Combine(_folder, name)];

    private async Task<int> Serve(string name, string readyLine, CancellationToken cancellationToken, params string[] arguments)
    {
        (ServerProcess process, int port) = await ServerProcess.Start(
            name,
            readyLine,
            free => ["/usr/bin/env", .. _environment.Select(variable => $"{variable.Key}={variable.Value}"), RepositoryFiles.Program, .. arguments, "--metrics-port", free.ToString(CultureInfo.InvariantCulture)],
            cancellationToken);
        Keep(process);
        return port;
    }

    private T Keep<T>(T server)
        where T : IAsyncDisposable
    {
        lock (_servers) _servers.Add(server);
        return server;
    }

    private async Task<string> Command(CancellationToken cancellationToken, params string[] arguments)
    {
        (int exitCode, string output) = await OwnProcess.Run(RepositoryFiles.Program, arguments, cancellationToken, _environment);
        Assert.True(exitCode == 0, $"styleclip {string.Join(' ', arguments)}: {exitCode}\n{output}\n{Logs()}");
        return output;
    }

    private string Logs()
    {
        lock (_servers) return string.Join('\n', _servers.OfType<ServerProcess>().Select(server => server.Log));
    }

    private async Task Seen(string query, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        while ((await Instant(query, cancellationToken)).Count == 0)
        {
            if (Stopwatch.GetElapsedTime(began) > SeenLimit) throw new TimeoutException($"Prometheus never saw: {query}\n{Logs()}");
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken); // the next scrape
        }
    }

    private static string Configuration(Dictionary<string, int> targets)
    {
        string text = RepositoryFiles.Text("deploy", "prometheus.yml")
            .Replace("/etc/prometheus/rules", RepositoryFiles.Alerts, StringComparison.Ordinal)
            .Replace("interval: 15s", "interval: 1s", StringComparison.Ordinal);
        return Target().Replace(text, match => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{targets[match.Groups[1].Value]}"));
    }

    private static string Seconds(DateTimeOffset time) => (time.ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture);

    [GeneratedRegex("([a-z0-9-]+):9464")]
    private static partial Regex Target();
}
