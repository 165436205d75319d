using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Scheduling;
using StyleClip.Node.Segments;
using StyleClip.Storage.Packs;

namespace StyleClip.Node;

/// <summary>Runs segments on this process's devices and tells the scheduler which devices are busy.</summary>
internal sealed partial class NodeDevices : BackgroundService, INodeDevices
{
    /// <summary>Time between two announcements while nothing changes.</summary>
    private static readonly TimeSpan AnnouncePeriod = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly TrainingDevice[] _devices;
    private readonly Segment?[] _running;
    private readonly Guid[] _leases;
    private readonly HashSet<Task> _tasks = [];
    private readonly SemaphoreSlim _changed = new(0);
    private readonly IGrainFactory _grains;
    private readonly SegmentServices _services;
    private readonly ILogger<NodeDevices> _logger;
    private bool _isLeaving;

    public NodeDevices(NodeOptions options, ILocalSiloDetails silo, IGrainFactory grains, PackLibrary packs, SegmentServices services, ILogger<NodeDevices> logger)
    {
        (_grains, _services, _logger) = (grains, services, logger);
        _devices = TrainingDevice.Open(options, packs);
        _running = new Segment?[_devices.Length];
        _leases = new Guid[_devices.Length];
        Description = new NodeDescription
        {
            Name = options.Name,
            Incarnation = Guid.NewGuid(),
            DeviceKinds = [.. _devices.Select(device => device.Kind)],
            Build = NodeBuild.Name,
            Silo = silo.SiloAddress.ToParsableString(),
        };
    }

    public NodeDescription Description { get; }

    public NodeAnnouncement Announcement()
    {
        lock (_gate)
        {
            return new NodeAnnouncement { Node = Description, Busy = [.. _running.Select(running => running?.Request.Job)], Leases = [.. _leases], IsLeaving = _isLeaving };
        }
    }

    public bool Start(SegmentRequest request)
    {
        lock (_gate)
        {
            if (_running.Any(running => running?.Request.Lease.Id == request.Lease.Id)) return true;
            int index = request.Lease.Device;
            if (_isLeaving || _running[index] is not null) return false;
            var segment = new Segment(request, _devices[index], _services);
            _running[index] = segment;
            _leases[index] = request.Lease.Id;
            _tasks.RemoveWhere(task => task.IsCompleted);
            _tasks.Add(Task.Run(() => Run(segment, index)));
            return true;
        }
    }

    public void Enter(Guid lease, JobView view) => Running(lease)?.Enter(view);

    public void Stop(Guid lease, WorkerOrder order) => Running(lease)?.Obey(order);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] tasks;
        lock (_gate)
        {
            _isLeaving = true;
            foreach (Segment? running in _running) running?.Obey(WorkerOrder.Stop);
            tasks = [.. _tasks];
        }

        _changed.Release();

        await Task.WhenAll(tasks).WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
        foreach (TrainingDevice device in _devices) await device.DisposeAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _grains.GetGrain<ISchedulerGrain>(0).Announce(Announcement(), stoppingToken);
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                LogUnannounced(exception);
            }

            await ((Task)_changed.WaitAsync(AnnouncePeriod, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Segment? Running(Guid lease)
    {
        lock (_gate) return _running.FirstOrDefault(running => running?.Request.Lease.Id == lease);
    }

    private async Task Run(Segment segment, int index)
    {
        await segment.Run();
        lock (_gate) _running[index] = null;
        segment.Dispose();
        _changed.Release();
    }

    [LoggerMessage(LogLevel.Warning, "The scheduler could not be told of this node's devices; it will be told again")]
    private partial void LogUnannounced(Exception exception);
}
