using System.Collections.Concurrent;
using StyleClip.Cluster.Jobs;

namespace StyleClip.ControlPlane;

/// <summary>What happened in a simulation, as its devices saw it.</summary>
internal sealed class SimulationLog
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<double>> _latencies = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<(JobKey Job, long Epoch)> _begun = [];
    private readonly Dictionary<string, int> _inUse = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _mostInUse = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _events;
    private long _followers;

    /// <summary>Calls that a device made or received.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>Devices that joined a running job.</summary>
    public long Followers => Interlocked.Read(ref _followers);

    /// <summary>Every first segment of an epoch, as often as a device was told to begin it.</summary>
    public IReadOnlyCollection<(JobKey Job, long Epoch)> Begun => _begun;

    /// <summary>Most devices that worked for a sweep at the same time.</summary>
    public int MostInUse(string sweep)
    {
        lock (_gate) return _mostInUse.GetValueOrDefault(sweep);
    }

    public void Begin(JobKey job, long? epoch)
    {
        Interlocked.Increment(ref _events);
        if (epoch is { } first) _begun.Add((job, first));
        lock (_gate)
        {
            int now = _inUse[job.Sweep] = _inUse.GetValueOrDefault(job.Sweep) + 1;
            _mostInUse[job.Sweep] = Math.Max(now, _mostInUse.GetValueOrDefault(job.Sweep));
        }
    }

    public void End(JobKey job)
    {
        lock (_gate) _inUse[job.Sweep]--;
    }

    public void Joined() => Interlocked.Increment(ref _followers);

    public void Measured(string call, TimeSpan latency)
    {
        Interlocked.Increment(ref _events);
        _latencies.GetOrAdd(call, _ => []).Add(latency.TotalMilliseconds);
    }

    /// <summary>Median and 95th percentile of each call, in milliseconds.</summary>
    public IEnumerable<(string Call, int Count, double Median, double P95)> Latencies() => _latencies
        .OrderBy(call => call.Key, StringComparer.Ordinal)
        .Select(call =>
        {
            double[] sorted = [.. call.Value.Order()];
            return (call.Key, sorted.Length, sorted[sorted.Length / 2], sorted[sorted.Length * 95 / 100]);
        });
}
