using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StyleClip.Cluster.Hosting;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Scheduling;
using StyleClip.Cluster.Sweeps;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cluster.Tests;

/// <summary>A silo with the real grains and a directory store; its devices follow a script instead of computing.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly IHost _host;

    private TestCluster(IHost host, ScriptedDevices devices) => (_host, Devices) = (host, devices);

    public ScriptedDevices Devices { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<TestCluster> Start(string store, WorkerScript script, int devices = 2)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IArtifactStore>(new DirectoryArtifactStore(store));
        builder.Services.AddSingleton(services => new ScriptedDevices(services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<ILocalSiloDetails>(), script, devices));
        builder.Services.AddSingleton<INodeDevices>(services => services.GetRequiredService<ScriptedDevices>());
        builder.UseOrleans(silo =>
        {
            silo.UseSingleNodeCluster(ScriptedDevices.Node);
            silo.Services.AddSingleton<IResultPublisher, AcceptingPublisher>(); // the last registration wins
        });
        IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var scripted = host.Services.GetRequiredService<ScriptedDevices>();
        await scripted.Announce();
        return new TestCluster(host, scripted);
    }

    public ISweepGrain Sweep(SweepPlan plan) => Grains.GetGrain<ISweepGrain>(plan.Id.Value);

    public IJobGrain Job(JobKey job) => Grains.GetGrain<IJobGrain>(job.ToString());

    public async Task<SweepStatus> Submit(SweepPlan plan) => await Sweep(plan).Submit(plan, TestContext.Current.CancellationToken);

    /// <summary>Follows the sweep until it has ended or stands still.</summary>
    public async Task<SweepStatus> Await(SweepPlan plan)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await foreach (SweepUpdate _ in Sweep(plan).Watch(0, limit.Token))
        {
            // the last update ends the loop
        }

        return await Sweep(plan).Status(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    internal sealed class AcceptingPublisher : IResultPublisher
    {
        public Task<(ArtifactRef Card, GateVerdict Verdict)> Publish(StyleClip.Contracts.Jobs.JobSpec spec, TrainingResult result, CancellationToken cancellationToken) =>
            Task.FromResult((Samples.Artifact, result.Metrics is null ? new GateVerdict(true, null) : GateVerdict.Of(spec.Gate, result.Metrics)));
    }
}

/// <summary>What a scripted worker does with a segment. It returns when the device is free again.</summary>
internal delegate Task WorkerScript(SegmentRequest segment, IJobGrain job, Task<WorkerOrder> stopped);

/// <summary>Devices whose work is a script.</summary>
internal sealed class ScriptedDevices(IGrainFactory grains, ILocalSiloDetails silo, WorkerScript script, int devices) : INodeDevices
{
    public const string Node = "n1";

    private readonly Lock _gate = new();
    private readonly (SegmentRequest Request, TaskCompletionSource<WorkerOrder> Stopped)?[] _running = new (SegmentRequest, TaskCompletionSource<WorkerOrder>)?[devices];
    private readonly Guid[] _leases = new Guid[devices];
    private readonly List<SegmentRequest> _started = [];

    public NodeDescription Description { get; } = new()
    {
        Name = Node,
        Incarnation = Guid.NewGuid(),
        DeviceKinds = [.. Enumerable.Repeat("cpu-test", devices)],
        Build = "test",
        Silo = silo.SiloAddress.ToParsableString(),
    };

    public int MostAtOnce { get; private set; }

    public IReadOnlyList<SegmentRequest> Started
    {
        get
        {
            lock (_gate) return [.. _started];
        }
    }

    public bool Start(SegmentRequest request)
    {
        lock (_gate)
        {
            if (_running[request.Lease.Device] is not null) return false;
            var stopped = new TaskCompletionSource<WorkerOrder>(TaskCreationOptions.RunContinuationsAsynchronously);
            _running[request.Lease.Device] = (request, stopped);
            _leases[request.Lease.Device] = request.Lease.Id;
            _started.Add(request);
            MostAtOnce = Math.Max(MostAtOnce, _running.Count(running => running is not null));
            _ = Run(request, stopped.Task);
            return true;
        }
    }

    public void Enter(Guid lease, JobView view)
    {
        // a script has one member
    }

    public void Stop(Guid lease, WorkerOrder order)
    {
        lock (_gate)
        {
            foreach (var running in _running)
                if (running is { } segment && segment.Request.Lease.Id == lease) segment.Stopped.TrySetResult(order);
        }
    }

    public NodeAnnouncement Announcement()
    {
        lock (_gate) return new() { Node = Description, Busy = [.. _running.Select(running => running?.Request.Job)], Leases = [.. _leases] };
    }

    public Task Announce() => grains.GetGrain<ISchedulerGrain>(0).Announce(Announcement(), CancellationToken.None);

    private async Task Run(SegmentRequest request, Task<WorkerOrder> stopped)
    {
        await Task.Yield();
        await script(request, grains.GetGrain<IJobGrain>(request.Job.ToString()), stopped);
        lock (_gate) _running[request.Lease.Device] = null;
        await Announce();
    }
}
