using System.Diagnostics;
using StyleClip.Cluster.Gradients;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Cluster.Scheduling;

namespace StyleClip.ControlPlane;

/// <summary>A node whose devices compute nothing: they say to the cluster what real ones would say.</summary>
internal sealed class SimulatedNode : INodeDevices, IDisposable
{
    private readonly IGrainFactory _grains;
    private readonly ControlPlaneOptions _options;
    private readonly SimulatedWork _work;
    private readonly SimulationLog _log;
    private readonly Lock _gate = new();
    private readonly Segment?[] _running;
    private readonly Guid[] _leases;
    private readonly SemaphoreSlim _changed = new(0);
    private readonly CancellationTokenSource _died = new();

    public SimulatedNode(string name, string silo, IGrainFactory grains, ControlPlaneOptions options, SimulatedWork work, SimulationLog log)
    {
        (_grains, _options, _work, _log) = (grains, options, work, log);
        _running = new Segment?[options.DevicesPerNode];
        _leases = new Guid[options.DevicesPerNode];
        Description = new NodeDescription
        {
            Name = name,
            Incarnation = Guid.NewGuid(),
            DeviceKinds = [.. Enumerable.Repeat(SimulatedWork.DeviceKind, options.DevicesPerNode)],
            Build = SimulatedWork.Build,
            Silo = silo,
        };
    }

    public NodeDescription Description { get; }

    public bool Start(SegmentRequest request)
    {
        lock (_gate)
        {
            if (_died.IsCancellationRequested) return false;
            if (_running.Any(running => running?.Request.Lease.Id == request.Lease.Id)) return true;
            int index = request.Lease.Device;
            if (_running[index] is not null) return false;
            var segment = new Segment(request);
            (_running[index], _leases[index]) = (segment, request.Lease.Id);
            _log.Begin(request.Job, request.View?.Epoch);
            _ = Run(segment, index);
            return true;
        }
    }

    public void Enter(Guid lease, JobView view)
    {
        // Nothing to add up: only who leads matters, and the answers to reports tell that.
    }

    public void Stop(Guid lease, WorkerOrder order)
    {
        lock (_gate) _running.FirstOrDefault(running => running?.Request.Lease.Id == lease)?.Stopped.TrySetResult(order);
    }

    public NodeAnnouncement Announcement()
    {
        lock (_gate) return new() { Node = Description, Busy = [.. _running.Select(running => running?.Request.Job)], Leases = [.. _leases] };
    }

    /// <summary>Falls silent in the middle of whatever it does, as a killed process does.</summary>
    public void Die()
    {
        lock (_gate)
        {
            _died.Cancel();
            foreach (Segment running in _running.OfType<Segment>()) _log.End(running.Request.Job);
        }
    }

    public void Dispose()
    {
        _changed.Dispose();
        _died.Dispose();
    }

    /// <summary>Announces itself when a device becomes free, and every five seconds.</summary>
    public async Task Announce(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _died.Token);
        while (!ended.IsCancellationRequested)
        {
            try
            {
                NodeAnnouncement announcement = Announcement();
                await Measure("announce", () => _grains.GetGrain<ISchedulerGrain>(0).Announce(announcement, ended.Token));
            }
            catch (Exception exception) when (IsPassing(exception))
            {
                // said again
            }

            await ((Task)_changed.WaitAsync(TimeSpan.FromSeconds(5), ended.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_changed.Wait(0, CancellationToken.None))
            {
                // one announcement tells of all changes
            }
        }
    }

    private async Task Run(Segment segment, int index)
    {
        await Task.Yield();
        try
        {
            if (segment.Request.View is null) await Follow(segment);
            else await Lead(segment, new WorkerAnswer(WorkerOrder.Continue, segment.Request.View));
        }
        catch (Exception exception) when (IsPassing(exception))
        {
            // What the job was not told it finds out by itself.
        }

        lock (_gate)
        {
            if (_died.IsCancellationRequested) return;
            _running[index] = null;
            _log.End(segment.Request.Job);
        }

        _changed.Release();
    }

    private async Task Lead(Segment segment, WorkerAnswer answer)
    {
        SegmentRequest request = segment.Request;
        IJobGrain job = _grains.GetGrain<IJobGrain>(request.Job.ToString());
        Guid lease = request.Lease.Id;
        MemberIdentity identity = SimulatedWork.Identity(request.Spec);
        int failsAt = SimulatedWork.FailsAt(request, _options);
        for (int report = SimulatedWork.ReportOf(request.Checkpoint); report < _options.Reports; report++)
        {
            if (await IsStopped(segment)) return;
            if (answer.View?.IndexOf(lease) > 0)
            {
                await Follow(segment);
                return;
            }

            if (report == failsAt)
            {
                await Measure("failed", () => job.ReportFailed(lease, FailureKind.Device, "simulated", CancellationToken.None));
                return;
            }

            WorkerProgress progress = SimulatedWork.Progress(lease, identity, report, _options);
            answer = await Measure("progress", () => job.ReportProgress(progress, CancellationToken.None));
            if (answer.Order == WorkerOrder.Abandon) return;
            if (answer.Order == WorkerOrder.Stop)
            {
                await Checkpoint(job, request, report);
                await job.ReportStopped(lease, CancellationToken.None);
                return;
            }

            if (SimulatedWork.HasCheckpoint(report, _options) && !await Checkpoint(job, request, report + 1)) return;
        }

        await Measure("trained", () => job.ReportTrained(lease, _work.Result(), CancellationToken.None));
    }

    private Task<bool> Checkpoint(IJobGrain job, SegmentRequest request, int report) => Measure("checkpoint", () =>
    {
        (var manifest, var content) = _work.Checkpoint(request, report, _options);
        return job.ReportCheckpoint(request.Lease.Id, manifest, content, 1, CancellationToken.None);
    });

    // A follower waits for its place, then says that it lives, until the job ends or it is the first one left.
    private async Task Follow(Segment segment)
    {
        SegmentRequest request = segment.Request;
        IJobGrain job = _grains.GetGrain<IJobGrain>(request.Job.ToString());
        Guid lease = request.Lease.Id;
        bool hasJoined = request.View is not null;
        while (!await IsStopped(segment))
        {
            WorkerAnswer answer = hasJoined
                ? await job.ReportProgress(new WorkerProgress { Lease = lease }, CancellationToken.None)
                : await job.Join(lease, SimulatedWork.Identity(request.Spec), CancellationToken.None);
            if (answer.Order != WorkerOrder.Continue) return;
            if (!hasJoined && answer.View is not null)
            {
                hasJoined = true;
                _log.Joined();
            }

            if (answer.View?.IndexOf(lease) == 0)
            {
                await Lead(segment, answer);
                return;
            }

            await Task.WhenAny(segment.Stopped.Task, Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None));
        }
    }

    private async Task<bool> IsStopped(Segment segment)
    {
        if (_options.ReportInterval > TimeSpan.Zero) await Task.WhenAny(segment.Stopped.Task, Task.Delay(_options.ReportInterval, CancellationToken.None));
        return _died.IsCancellationRequested || (segment.Stopped.Task.IsCompletedSuccessfully && await segment.Stopped.Task == WorkerOrder.Abandon);
    }

    private async Task<T> Measure<T>(string call, Func<Task<T>> made)
    {
        long start = Stopwatch.GetTimestamp();
        T answer = await made();
        _log.Measured(call, Stopwatch.GetElapsedTime(start));
        return answer;
    }

    private Task<bool> Measure(string call, Func<Task> made) => Measure(call, async () =>
    {
        await made();
        return true;
    });

    private static bool IsPassing(Exception exception) =>
        exception is Orleans.Runtime.OrleansException or TimeoutException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    private sealed record Segment(SegmentRequest Request)
    {
        public TaskCompletionSource<WorkerOrder> Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
