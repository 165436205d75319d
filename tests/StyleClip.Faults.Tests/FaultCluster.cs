using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StyleClip.Cluster.Hosting;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Reference.Packs;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Packs;
using StyleClip.TestServers;

namespace StyleClip.Faults.Tests;

/// <summary>Node processes over one store, a client of theirs, and one job that takes some seconds.</summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    public const int Steps = 240;
    public const int CheckpointEvery = 20;

    private const string Container = "faults";

    private static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(40);

    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-faults-").FullName;
    private readonly List<NodeProcess> _nodes = [];
    private readonly string _location;
    private readonly Dictionary<string, string> _environment;
    private readonly RedisServer? _redis;
    private IHost? _client;

    private FaultCluster(BlobService? blobs, RedisServer? redis)
    {
        _redis = redis;
        IsFolder = blobs is null;
        _location = IsFolder ? Path.Combine(_folder, "store") : $"azure://{Container}";
        _environment = blobs is null ? [] : new() { [ArtifactStores.ConnectionStringVariable] = blobs.NodeConnection };
        Store = blobs is null ? new DirectoryArtifactStore(_location) : AzureBlobArtifactStore.FromConnectionString(blobs.Connection, Container);
    }

    public bool IsFolder { get; }

    public IArtifactStore Store { get; }

    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    public IClusterClient Client => _client?.Services.GetRequiredService<IClusterClient>() ?? throw new InvalidOperationException("Not connected.");

    /// <summary>
    /// A store with the pack in it and no nodes yet: a folder, or a container of <paramref name="blobs"/>. The membership is in the store,
    /// or in <paramref name="redis"/>.
    /// </summary>
    public static async Task<FaultCluster> Create(BlobService? blobs = null, RedisServer? redis = null)
    {
        var cluster = new FaultCluster(blobs, redis);
        string pack = Path.Combine(cluster._folder, "pack");
        RandomPack.WriteTiny(pack);
        cluster.Pack = await new PackLibrary(cluster.Store).Publish(pack, TestContext.Current.CancellationToken);
        return cluster;
    }

    public Digest Pack { get; private set; }

    /// <summary>One prompt over at most <paramref name="width"/> devices. The job is the same one whatever the width.</summary>
    public SweepPlan Plan(int width) => new()
    {
        Name = "faults",
        MaxDevices = width,
        Jobs =
        [
            new JobSpec
            {
                Prompt = "a face with red hair",
                Pack = Pack,
                Bank = new BankSpec { Count = 64, Validation = 8, ShardSize = 16 },
                Recipe = new RecipeSpec
                {
                    Name = "faults",
                    Steps = Steps,
                    Mapper = new MapperRecipe { CoarseEnd = 2, MediumEnd = 4 },
                    Optimizer = new OptimizerRecipe { LearningRate = 0.05 },
                    Batch = new BatchRecipe { Size = 4, MicroShards = 4 },
                    Validation = new ValidationRecipe { EverySteps = 80 },
                    Guard = new GuardRecipe { DivergenceFactor = 1000 },
                    CheckpointEverySteps = CheckpointEvery,
                    StripFaces = 2,
                },
                Seed = 3,
                Gate = new GateSpec(),
            },
        ],
    };

    /// <summary>Starts nodes side by side, each with one device, and waits until all are ready.</summary>
    public Task StartNodes(params string[] names) => Task.WhenAll(names.Select(name => StartNode(name)));

    public async Task<NodeProcess> StartNode(string name, string clusterId = StoreClusterOptions.DefaultClusterId, int drainSeconds = 60)
    {
        string[] membership = _redis is null ? [] : ["--redis", _redis.ConnectionString];
        NodeProcess node = await NodeProcess.Start(
            name, _environment,
            [
                "--store", _location, "--cluster", clusterId, "--device", "cpu", "--devices", "1", "--cache", Path.Combine(_folder, "cache"),
                "--drain-limit", $"{drainSeconds}", .. membership,
            ]);
        lock (_nodes) _nodes.Add(node);
        return node;
    }

    public NodeProcess Node(string name) => _nodes.Last(node => node.Name == name);

    /// <summary>Connects and submits; the job then goes on without the client.</summary>
    public Task<WatchedJob> Submit(int width) => Submit(Plan(width));

    /// <summary>Connects and submits a plan of one job.</summary>
    public async Task<WatchedJob> Submit(SweepPlan plan)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(Store);
        builder.AddStoreClusterClient(new StoreClusterClientOptions { ResponseTimeout = ClientTimeout, RedisConnection = _redis?.ConnectionString });
        _client = builder.Build();
        using var limit = new CancellationTokenSource(ConnectLimit);
        await _client.StartAsync(limit.Token);
        await Waiting.Until("the sweep is submitted", ConnectLimit, () => TrySubmit(plan), Explain);
        return new WatchedJob(this, plan);
    }

    // Submitting twice changes nothing; nodes that have only just started may take their time.
    private async Task<SweepStatus?> TrySubmit(SweepPlan plan)
    {
        try
        {
            return await Client.GetGrain<ISweepGrain>(plan.Id.Value).Submit(plan, TestContext.Current.CancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            return null;
        }
    }

    /// <summary>What every node printed last.</summary>
    public string Explain()
    {
        lock (_nodes) return string.Join('\n', _nodes.Select(node => node.Tail));
    }

    /// <summary>Drains every node that still runs: each must end by itself, with success.</summary>
    public async Task Stop()
    {
        if (_client is not null) await _client.StopAsync(CancellationToken.None);
        NodeProcess[] running = [.. _nodes.Where(node => !node.HasExited)];
        foreach (NodeProcess node in running) node.Send(Signals.Terminate);
        foreach (NodeProcess node in running) Assert.True(await node.Exit(DrainLimit) == 0, node.Tail);
        Assert.All(_nodes, node => Assert.True(node.HasExited, $"{node.Name} is left behind."));
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        foreach (NodeProcess node in _nodes) await node.DisposeAsync();
        (Store as IDisposable)?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
