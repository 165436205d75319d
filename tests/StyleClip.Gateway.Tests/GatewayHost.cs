using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Tests;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Gateway.Packs;
using StyleClip.Gateway.Security;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Packs;

namespace StyleClip.Gateway.Tests;

/// <summary>A cluster of one silo with scripted devices, a gateway before it, a pack in the store and a key for each role.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly Dictionary<ApiRole, string> _keys = [];
    private readonly List<HttpClient> _clients = [];

    private GatewayHost(string folder) => (Folder, Store) = (folder, new DirectoryArtifactStore(folder));

    public string Folder { get; }

    public IArtifactStore Store { get; }

    public TestCluster Cluster { get; private set; } = null!;

    public GatewayServer Server { get; private set; } = null!;

    public ApiKeyBook Keys => new(Store, TimeProvider.System);

    public static async Task<GatewayHost> Start(WorkerScript? script = null, int devices = 2, GatewayOptions? options = null)
    {
        var host = new GatewayHost(Directory.CreateTempSubdirectory("styleclip-gateway-").FullName);
        await SamplePack.Publish(new PackLibrary(host.Store), host.Folder);
        foreach (ApiRole role in Enum.GetValues<ApiRole>()) host._keys[role] = (await host.Keys.Create(role.ToString(), role, lifetime: null, Ct)).Text;
        host.Cluster = await TestCluster.Start(host.Folder, script ?? Finish, devices);
        await host.StartGateway(options);
        return host;
    }

    /// <summary>Ends silo and gateway, and starts others on the same store and, for the gateway, at the same address.</summary>
    public async Task Restart(WorkerScript? script = null)
    {
        int port = Server.Address.Port;
        await Server.DisposeAsync();
        await Cluster.DisposeAsync();
        Cluster = await TestCluster.Start(Folder, script ?? Finish);
        await StartGateway(new GatewayOptions { Port = port });
    }

    public HttpClient Client(ApiRole role) => Client(_keys[role]);

    public HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = Server.Address, Timeout = TimeSpan.FromSeconds(60) };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _clients.Add(client);
        return client;
    }

    public string Key(ApiRole role) => _keys[role];

    /// <summary>A worker that trains in no time.</summary>
    public static Task Finish(SegmentRequest segment, IJobGrain job, Task<WorkerOrder> stopped) => job.ReportTrained(segment.Lease.Id, Samples.Result(), Ct);

    /// <summary>A worker that works until it is told to stop.</summary>
    public static async Task UntilStopped(SegmentRequest segment, IJobGrain job, Task<WorkerOrder> stopped)
    {
        if (await stopped == WorkerOrder.Stop) await job.ReportStopped(segment.Lease.Id, CancellationToken.None);
    }

    public static string Spec(string name = "mine", params string[] prompts) => $"""
        name: {name}
        pack: {SamplePack.Name}
        recipe: default
        prompts:
        {string.Join('\n', (prompts.Length == 0 ? ["red hair", "a smile"] : prompts).Select(prompt => $"- {prompt}"))}
        """;

    public static StringContent Yaml(string spec) => new(spec, Encoding.UTF8, "application/yaml");

    public async ValueTask DisposeAsync()
    {
        foreach (HttpClient client in _clients) client.Dispose();
        await Server.DisposeAsync();
        await Cluster.DisposeAsync();
        Store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task StartGateway(GatewayOptions? options) => Server = await GatewayServer.Start(
        options ?? new GatewayOptions { Port = 0 },
        Store,
        builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(Cluster.Grains);
            builder.Services.AddSingleton<IPackTexts, NoPurple>();
        },
        Ct);

    private sealed class NoPurple : IPackTexts
    {
        public string? Check(Digest pack, PackManifest manifest, string text) =>
            text.Contains("purple", StringComparison.Ordinal) ? "must be a text that the pack's CLIP understands: it does not know 'purple'" : null;
    }
}
