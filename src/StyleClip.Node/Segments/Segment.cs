using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Gradients;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Checkpoints;
using StyleClip.Training;
using StyleClip.Training.Gradients;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;

namespace StyleClip.Node.Segments;

/// <summary>
/// One stretch of a job on one device: gets pack, bank and checkpoint, trains on the device thread alone or with others, stores what comes
/// of it where it leads, and tells the job. Everything that waits is here; everything that computes is on the device thread.
/// </summary>
internal sealed partial class Segment : IDisposable
{
    /// <summary>Time between two signs of life.</summary>
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>Time between two tries to reach the store, or the job where it cannot be missed.</summary>
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    private readonly SegmentRequest _request;
    private readonly TrainingDevice _device;
    private readonly SegmentServices _services;
    private readonly ILogger _logger;
    private readonly SegmentControl _control = new();
    private readonly SegmentViews _views;
    private readonly SegmentProgress _progress;
    private readonly IJobGrain _job;
    private long _accountedFrom;

    public Segment(SegmentRequest request, TrainingDevice device, SegmentServices services)
    {
        (_request, _device, _services, _logger) = (request, device, services, services.Logger);
        _views = new SegmentViews(request.View, _control.Abandon);
        _progress = new SegmentProgress(services.Time);
        _job = services.Grains.GetGrain<IJobGrain>(request.Job.ToString());
        _accountedFrom = services.Time.GetTimestamp();
    }

    public SegmentRequest Request => _request;

    private Guid Lease => _request.Lease.Id;

    private MemberIdentity Identity => new() { DeviceKind = _device.Kind, Build = NodeBuild.Name, Pack = _request.Spec.Pack };

    public void Obey(WorkerOrder order) => _control.Obey(order);

    public void Enter(JobView view) => _views.Enter(view);

    /// <summary>Runs until training ends, the segment is stopped, or it fails. Does not throw: the job is told instead.</summary>
    public async Task Run()
    {
        using var reporting = CancellationTokenSource.CreateLinkedTokenSource(_control.Abandon);
        Task reports = ReportProgress(reporting.Token);
        try
        {
            await Report(await Train());
        }
        catch (OperationCanceledException) when (_control.Abandon.IsCancellationRequested)
        {
            LogAbandoned(_request.Job, _request.Lease);
        }
        catch (OperationCanceledException) when (_control.Stop.IsCancellationRequested)
        {
            await Tell(() => _job.ReportStopped(Lease, CancellationToken.None)); // stopped where there is nothing to keep
        }
        catch (Exception exception) // the segment's edge: whatever it was, the job decides what follows
        {
            FailureKind kind = Classify(exception);
            if (kind == FailureKind.Input) LogRefused(_request.Job, _request.Lease, exception.Message);
            else LogFailed(exception, _request.Job, _request.Lease, kind);
            await Tell(() => _job.ReportFailed(Lease, kind, exception.Message, CancellationToken.None));
        }
        finally
        {
            await reporting.CancelAsync();
            await reports;
        }
    }

    public void Dispose()
    {
        _views.Dispose();
        _control.Dispose();
    }

    private async Task<TrainingOutcome> Train()
    {
        _progress.Activity = "loads the pack";
        FrozenNetworks networks = await WithStore(() => _device.Networks(_request.Spec.Pack, _control.Stop));
        _progress.Identity = Identity; // from now on others may join, and help with the bank
        var preparation = new BankPreparation(_services.Grains, _services.Store, _device.Thread, _device.Kind);
        LatentBank bank = await WithStore(() => preparation.Get(_request, networks, _progress, _control.Stop));
        _progress.Activity = "starts training";
        MapperTraining? training = null;
        var observer = new SegmentObserver(_progress);
        Task storing = StoreCheckpoints(observer);
        TrainingOutcome outcome;
        try
        {
            byte[]? state = _request.Checkpoint is { } reference ? await WithStore(() => ReadState(reference)) : null;
            var labels = new TrainingLabels(_request.Job.Sweep, _request.Job.Job, _request.Lease.Node, _device.Thread.Name);
            training = await _device.Thread.Invoke(() => new MapperTraining(_request.Spec, networks, bank, state, labels), _control.Stop);
            outcome = await TrainWithOthers(training, observer);
        }
        finally
        {
            observer.Complete();
            await _device.Thread.Invoke(() =>
            {
                training?.Dispose();
                bank.Dispose();
                return true;
            });
        }

        await storing;
        return outcome;
    }

    /// <summary>Trains in one epoch after the other, until training is over or paused.</summary>
    private async Task<TrainingOutcome> TrainWithOthers(MapperTraining training, SegmentObserver observer)
    {
        if (_request.View is null) await Join();
        long epoch = -1;
        while (true)
        {
            (JobView view, CancellationToken ended) = await _views.After(epoch, _control.Stop);
            epoch = view.Epoch;
            TrainingOutcome outcome = await _device.Thread.Invoke(() => TrainInView(training, observer, view, ended));
            if (outcome.End == TrainingEnd.Interrupted) continue;
            // A follower that has come to the end stays until the job lets it go: the leader may yet be lost with its report untold.
            if (outcome.End == TrainingEnd.Paused || view.IndexOf(Lease) == 0) return outcome;
        }
    }

    private TrainingOutcome TrainInView(MapperTraining training, SegmentObserver observer, JobView view, CancellationToken ended)
    {
        if (view.Members.Length == 1) return training.Run(new LocalGradientExchange(ended), observer, _control.Stop);
        int sizeBytes = training.GradientLength * sizeof(float);
        using var members = new MemberExchange(view, view.IndexOf(Lease), _request.Spec.Recipe.Batch.MicroShards, sizeBytes, _services.Link, ended);
        _services.Inboxes.Open(Lease, members);
        try
        {
            if (members.Enter(training.Step, Identity, training.Capture, (member, reason) => Refuse(view.Members[member], reason)) is { } state)
                training.Adopt(state);
            return training.Run(new WideExchange(members), observer, _control.Stop);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return new TrainingOutcome(TrainingEnd.Interrupted, training.Step, null, null, null, null);
        }
        finally
        {
            _services.Inboxes.Close(Lease, members);
            NodeInstruments.GradientBytes.Add(members.SentBytes, OfNode());
        }
    }

    private async Task Join()
    {
        _progress.Activity = "joins";
        while (_views.Epoch < 0)
        {
            await Tell(async () => Obey(await _job.Join(Lease, Identity, CancellationToken.None)));
            if (_views.Epoch < 0) await Task.Delay(ReportPeriod, _services.Time, _control.Stop);
        }
    }

    private async void Refuse(DeviceLease member, string reason) =>
        await Tell(() => _job.ReportFailed(member.Id, FailureKind.Input, $"{member} cannot take part: {reason}.", CancellationToken.None));

    private async Task<byte[]> ReadState(ArtifactRef reference)
    {
        CheckpointManifest manifest = await _services.Checkpoints.Read(reference, _control.Stop);
        if (manifest.DeviceKind != _device.Kind)
            throw new InvalidDataException($"The checkpoint was computed on {manifest.DeviceKind}; this device is {_device.Kind}.");
        return await _services.Checkpoints.ReadState(manifest, _control.Stop);
    }

    // A store that is away does not stop training: the newest checkpoint waits until it is back.
    private async Task StoreCheckpoints(SegmentObserver observer)
    {
        await foreach (TrainingCheckpoint checkpoint in observer.Checkpoints.ReadAllAsync(_control.Abandon))
        {
            while (!await TryStore(checkpoint) && !observer.Checkpoints.TryPeek(out _)) await Task.Delay(RetryPeriod, _services.Time, _control.Abandon);
        }
    }

    private async Task<bool> TryStore(TrainingCheckpoint checkpoint)
    {
        var draft = new CheckpointDraft
        {
            Job = new JobId(_request.Job.Job),
            Epoch = _views.Epoch,
            Step = checkpoint.Step,
            State = checkpoint.State,
            Strip = checkpoint.Strip,
            Validation = checkpoint.Validation,
            Best = checkpoint.Best,
            DeviceKind = _device.Kind,
            Build = NodeBuild.Name,
        };
        try
        {
            long began = _services.Time.GetTimestamp();
            StoredCheckpoint stored = await _services.Checkpoints.Write(draft, _control.Abandon);
            bool isOwner = await _job.ReportCheckpoint(Lease, stored.Reference, stored.Manifest, SecondsSinceAccounted(), _control.Abandon);
            _accountedFrom = _services.Time.GetTimestamp();
            NodeInstruments.CheckpointStoreDuration.Record(_services.Time.GetElapsedTime(began).TotalSeconds, OfNode());
            if (!isOwner) _control.Obey(WorkerOrder.Abandon);
            return true;
        }
        catch (Exception exception) when (IsPassing(exception))
        {
            NodeInstruments.CheckpointFailures.Add(1, OfNode());
            LogCheckpointDelayed(exception, _request.Job, checkpoint.Step);
            return false;
        }
    }

    private async Task Report(TrainingOutcome outcome)
    {
        while (true)
        {
            _control.Abandon.ThrowIfCancellationRequested();
            try
            {
                await ReportOnce(outcome);
                return;
            }
            catch (Exception exception) when (IsPassing(exception))
            {
                LogUnheard(exception, _request.Job);
            }

            await Task.Delay(RetryPeriod, _services.Time, _control.Abandon);
        }
    }

    private async Task ReportOnce(TrainingOutcome outcome)
    {
        switch (outcome.End)
        {
            case TrainingEnd.Paused:
                await _job.ReportStopped(Lease, CancellationToken.None);
                break;
            case TrainingEnd.Diverged:
                await _job.ReportFailed(Lease, FailureKind.Diverged, outcome.Reason!, CancellationToken.None);
                break;
            default:
                var result = new TrainingResult
                {
                    Mapper = await _services.Store.Put(outcome.Mapper, MediaTypes.Safetensors, _control.Abandon),
                    Strip = await _services.Store.Put(outcome.Strip, MediaTypes.Png, _control.Abandon),
                    Metrics = outcome.Best!,
                    Steps = outcome.Step,
                    DeviceKind = _device.Kind,
                    Build = NodeBuild.Name,
                };
                await _job.ReportTrained(Lease, result, CancellationToken.None);
                break;
        }
    }

    private async Task ReportProgress(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ReportPeriod, _services.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await Tell(async () => Obey(await _job.ReportProgress(_progress.Read(Lease), CancellationToken.None).WaitAsync(cancellationToken)));
        }
        catch (OperationCanceledException)
        {
            // the segment has ended
        }
    }

    private void Obey(WorkerAnswer answer)
    {
        _control.Obey(answer.Order);
        if (answer.View is { } view) _views.Enter(view);
    }

    /// <summary>Reads from the store, again and again while it is away: a job does not fail because its store pauses.</summary>
    private async Task<T> WithStore<T>(Func<Task<T>> read)
    {
        while (true)
        {
            try
            {
                return await read();
            }
            catch (Exception exception) when (IsPassing(exception))
            {
                LogStoreAway(exception, _request.Job);
                _progress.Activity = "waits for the store";
            }

            await Task.Delay(RetryPeriod, _services.Time, _control.Stop);
        }
    }

    // The store or the cluster is away for now; a missing or damaged artifact is not of that kind.
    private static bool IsPassing(Exception exception) =>
        exception is OrleansException or TimeoutException || (exception is IOException && Classify(exception) == FailureKind.Store);

    // A job that cannot be reached is no reason to stop: it will take over what counts from the store.
    private async Task Tell(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (IsPassing(exception))
        {
            LogUnheard(exception, _request.Job);
        }
    }

    private KeyValuePair<string, object?> OfNode() => new("node", _request.Lease.Node);

    private double SecondsSinceAccounted() => _services.Time.GetElapsedTime(_accountedFrom).TotalSeconds;

    private static FailureKind Classify(Exception exception) => exception switch
    {
        WeightsException or InvalidDataException or ArgumentException or ArtifactMissingException or ArtifactCorruptException => FailureKind.Input,
        IOException => FailureKind.Store,
        _ => FailureKind.Device,
    };

    [LoggerMessage(LogLevel.Information, "Job {Job}: {Lease} is let go")]
    private partial void LogAbandoned(JobKey job, DeviceLease lease);

    [LoggerMessage(LogLevel.Error, "Job {Job}: {Lease} failed ({Kind})")]
    private partial void LogFailed(Exception exception, JobKey job, DeviceLease lease, FailureKind kind);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: {Lease} cannot train it as asked: {Reason}")]
    private partial void LogRefused(JobKey job, DeviceLease lease, string reason);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: the checkpoint of step {Step} could not be stored; it will be tried again")]
    private partial void LogCheckpointDelayed(Exception exception, JobKey job, int step);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: the store does not answer; it will be asked again")]
    private partial void LogStoreAway(Exception exception, JobKey job);

    [LoggerMessage(LogLevel.Warning, "Job {Job} could not be told")]
    private partial void LogUnheard(Exception exception, JobKey job);
}
