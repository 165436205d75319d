using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime.MembershipService.SiloMetadata;
using StyleClip.Cluster.Hosting;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Membership;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;
using StyleClip.TestServers;

namespace StyleClip.Cluster.Tests.Hosting;

public sealed class StoreClusterTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> Metadata = new() { ["device-kind"] = "cpu-test" };

    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-store-cluster-").FullName;
    private readonly DirectoryArtifactStore _store;

    public StoreClusterTests() => _store = new DirectoryArtifactStore(_folder);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_with_the_same_store_form_one_cluster_that_clients_find()
    {
        await using Started first = await StartNode("a"), second = await StartNode("b");
        await using Started client = await StartClient();

        Assert.Equal(2, await Members(client));
    }

    [Fact]
    public async Task Nodes_see_what_the_others_bring()
    {
        await using Started first = await StartNode("a"), second = await StartNode("b");
        SiloAddress silo = first.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        ISiloMetadataCache cache = second.Services.GetRequiredService<ISiloMetadataCache>();

        using var limit = new CancellationTokenSource(Limit);
        ImmutableDictionary<string, string> metadata;
        while ((metadata = cache.GetSiloMetadata(silo).Metadata).IsEmpty) await Task.Delay(50, limit.Token); // asked for after the other is seen
        Assert.Equal(("a", "cpu-test"), (metadata["node"], metadata["device-kind"]));
    }

    [Fact]
    public async Task Clusters_with_different_ids_do_not_meet()
    {
        await using Started first = await StartNode("a"), second = await StartNode("b", cluster: "other");
        await using Started client = await StartClient();

        Assert.Equal(1, await Members(client));
    }

    [Fact]
    public async Task Nodes_find_each_other_through_a_redis_instead()
    {
        await using RedisServer redis = await RedisServer.Start(Ct);
        await using Started first = await StartNode("a", redis: redis.ConnectionString), second = await StartNode("b", redis: redis.ConnectionString);
        await using Started client = await StartClient(redis.ConnectionString);

        Assert.Equal(2, await Members(client));
        Assert.Null(await _store.ReadDocument("membership/styleclip.json", Ct));
    }

    [Fact]
    public async Task A_name_is_taken_while_its_node_lives_and_free_afterwards()
    {
        Started node = await StartNode("a");
        await using Started other = await StartNode("b");
        var names = new NodeNames(other.Services.GetRequiredService<IMembershipTable>(), TimeProvider.System);
        string address = node.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint.ToString();

        Assert.Equal(address, await names.FindHolder("a", Ct));
        Assert.Null(await names.FindHolder("c", Ct));
        await node.DisposeAsync();
        Assert.Null(await names.FindHolder("a", Ct));
    }

    [Fact]
    public async Task A_job_whose_cluster_is_gone_goes_on_when_a_node_starts()
    {
        SweepPlan plan = Samples.Plan("a");
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (Started node = await StartNode(ScriptedDevices.Node, script: (_, _, _) =>
        {
            began.SetResult();
            return Task.Delay(Timeout.Infinite, Ct); // the process ends before its work does
        }))
        {
            await node.Services.GetRequiredService<ScriptedDevices>().Announce();
            await Sweep(node, plan).Submit(plan, Ct);
            await began.Task.WaitAsync(Limit, Ct);
        }

        await using Started next = await StartNode(
            ScriptedDevices.Node, script: (segment, job, _) => job.ReportTrained(segment.Lease.Id, Samples.Result(), CancellationToken.None));
        await next.Services.GetRequiredService<ScriptedDevices>().Announce();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Limit);
        await foreach (SweepUpdate _ in Sweep(next, plan).Watch(0, limit.Token))
        {
            // the last update ends the loop; nobody has submitted anything
        }

        JobStatus job = Assert.Single((await Sweep(next, plan).Status(Ct)).Jobs);
        Assert.Equal((JobPhase.Succeeded, 1), (job.Phase, job.Restarts));
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static ISweepGrain Sweep(Started node, SweepPlan plan) => node.Services.GetRequiredService<IGrainFactory>().GetGrain<ISweepGrain>(plan.Id.Value);

    private static async Task<int> Members(Started client)
    {
        IManagementGrain management = client.Services.GetRequiredService<IClusterClient>().GetGrain<IManagementGrain>(0);
        return (await management.GetHosts(onlyActive: true)).Count;
    }

    private async Task<Started> StartNode(string name, string? redis = null, string cluster = "styleclip", WorkerScript? script = null)
    {
        HostApplicationBuilder builder = Builder();
        builder.Services.AddSingleton(services => new ScriptedDevices(
            services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<ILocalSiloDetails>(), script ?? ((_, _, stopped) => stopped), devices: 1));
        builder.Services.AddSingleton<INodeDevices>(services => services.GetRequiredService<ScriptedDevices>());
        builder.UseOrleans(silo =>
        {
            silo.UseStoreCluster(new StoreClusterOptions { NodeName = name, ClusterId = cluster, RedisConnection = redis, Metadata = Metadata });
            silo.Services.AddSingleton<IResultPublisher, TestCluster.AcceptingPublisher>(); // the last registration wins
        });
        return await Started.Of(builder);
    }

    private Task<Started> StartClient(string? redis = null)
    {
        HostApplicationBuilder builder = Builder();
        builder.AddStoreClusterClient(new StoreClusterClientOptions { RedisConnection = redis });
        return Started.Of(builder);
    }

    private HostApplicationBuilder Builder()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IArtifactStore>(_store);
        return builder;
    }

    private sealed class Started(IHost host) : IAsyncDisposable
    {
        public IServiceProvider Services => host.Services;

        public static async Task<Started> Of(HostApplicationBuilder builder)
        {
            IHost host = builder.Build();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            limit.CancelAfter(Limit);
            await host.StartAsync(limit.Token);
            return new Started(host);
        }

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }
    }
}
