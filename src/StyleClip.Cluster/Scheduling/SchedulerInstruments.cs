using System.Diagnostics.Metrics;
using StyleClip.Contracts.Nodes;
using StyleClip.Contracts.Telemetry;

namespace StyleClip.Cluster.Scheduling;

/// <summary>Devices and queue, exported by the process in which the scheduler lives.</summary>
internal sealed class SchedulerInstruments : IDisposable
{
    private readonly Meter _meter = new(StyleClipMeter.Name);
    private readonly TimeProvider _time;
    private volatile Readings _readings = new([], []);

    public SchedulerInstruments(TimeProvider time)
    {
        _time = time;
        _meter.CreateObservableGauge("styleclip_worker_up", () => PerClass(_ => 1), description: "1 for a node that the scheduler hears of");
        _meter.CreateObservableGauge("styleclip_worker_slots", () => PerClass(devices => devices.Count()), description: "Devices of a node");
        _meter.CreateObservableGauge(
            "styleclip_worker_slots_used", () => PerClass(devices => devices.Count(device => device.Job is not null)), description: "Devices that work for a job");
        _meter.CreateObservableGauge("styleclip_queue_depth", () => PerPriority(queue => queue.Jobs), description: "Jobs that wait for a device");
        _meter.CreateObservableGauge(
            "styleclip_queue_oldest",
            () => PerPriority(queue => (_time.GetUtcNow() - queue.OldestSince).TotalSeconds),
            unit: "s",
            description: "Time that the first waiting job has waited");
    }

    public void Update(IReadOnlyList<NodeStatus> nodes, IReadOnlyList<QueueReading> queue) => _readings = new Readings(nodes, queue);

    /// <summary>The scheduler has left this process: another one exports from now on.</summary>
    public void Clear() => _readings = new Readings([], []);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> PerClass(Func<IEnumerable<NodeDeviceStatus>, long> count) =>
        from node in _readings.Nodes
        from kind in node.Devices.GroupBy(device => device.Kind)
        select new Measurement<long>(count(kind), new("node", node.Name), new("device_class", kind.Key));

    private IEnumerable<Measurement<double>> PerPriority(Func<QueueReading, double> read) =>
        _readings.Queue.Select(queue => new Measurement<double>(read(queue), new KeyValuePair<string, object?>("priority", queue.Priority)));

    private sealed record Readings(IReadOnlyList<NodeStatus> Nodes, IReadOnlyList<QueueReading> Queue);
}
