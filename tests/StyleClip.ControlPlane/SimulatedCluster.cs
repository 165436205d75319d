using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StyleClip.Cluster.Hosting;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Scheduling;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

namespace StyleClip.ControlPlane;

/// <summary>Silos in this process that speak over TCP, each with many simulated nodes. Grains, membership and stored state are the real ones.</summary>
internal sealed class SimulatedCluster(ControlPlaneOptions options, IArtifactStore store) : IAsyncDisposable
{
    private readonly List<SimulatedSilo> _silos = [];
    private int _started;

    public SimulationLog Log { get; } = new();

    public SimulatedWork Work { get; private set; } = null!;

    public IReadOnlyList<SimulatedSilo> Silos => _silos;

    /// <summary>Grains as a silo that lives sees them.</summary>
    public IGrainFactory Grains => _silos[0].Host.Services.GetRequiredService<IGrainFactory>();

    public async Task Start(CancellationToken cancellationToken)
    {
        Work = await SimulatedWork.Prepare(store, cancellationToken);
        for (int silo = 0; silo < options.Silos; silo++) await AddSilo(options.Nodes / options.Silos, cancellationToken);
    }

    public async Task<SimulatedSilo> AddSilo(int nodes, CancellationToken cancellationToken)
    {
        string name = $"silo-{_started++}";
        string[] names = [.. Enumerable.Range(0, nodes).Select(node => $"{name}-node-{node}")];
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(store);
        foreach (string node in names)
        {
            builder.Services.AddSingleton<INodeDevices>(services => new SimulatedNode(
                node,
                services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString(),
                services.GetRequiredService<IGrainFactory>(),
                options,
                Work,
                Log));
        }

        builder.UseOrleans(silo => silo.UseStoreCluster(new StoreClusterOptions
        {
            NodeName = name,
            Metadata = new Dictionary<string, string> { [NodePlacementDirector.NodesEntry] = string.Join(',', names) },
        }));
        IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        var added = new SimulatedSilo(host);
        _silos.Add(added);
        return added;
    }

    /// <summary>Ends a silo and its nodes without a word to anybody.</summary>
    public async Task Kill(SimulatedSilo silo)
    {
        _silos.Remove(silo);
        await silo.Kill();
    }

    public ISweepGrain Sweep(SweepId sweep) => Grains.GetGrain<ISweepGrain>(sweep.Value);

    public ISchedulerGrain Scheduler => Grains.GetGrain<ISchedulerGrain>(0);

    public async ValueTask DisposeAsync()
    {
        foreach (SimulatedSilo silo in _silos) await silo.DisposeAsync();
    }
}
