using Microsoft.Extensions.Logging;
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
/// One stretch of a job on one device: gets pack, bank and checkpoint, trains on the device thread, stores what comes of it, and tells the
/// job. Everything that waits is here; everything that computes is on the device thread.
/// </summary>
internal sealed partial class Segment(
    SegmentRequest request,
    TrainingDevice device,
    IGrainFactory grains,
    IArtifactStore store,
    CheckpointStore checkpoints,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    /// <summary>Time between two signs of life.</summary>
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>Time between two tries to store a checkpoint.</summary>
    private static readonly TimeSpan StoreRetryPeriod = TimeSpan.FromSeconds(2);

    private readonly SegmentControl _control = new();
    private readonly SegmentProgress _progress = new(time);
    private readonly IJobGrain _job = grains.GetGrain<IJobGrain>(request.Job.ToString());
    private long _accountedFrom = time.GetTimestamp();

    public SegmentRequest Request => request;

    public void Obey(WorkerOrder order) => _control.Obey(order);

    /// <summary>Runs until training ends, the segment is stopped, or it fails. Does not throw: the job is told instead.</summary>
    public async Task Run()
    {
        try
        {
            TrainingOutcome outcome = await TrainWithReports();
            await Report(outcome);
        }
        catch (OperationCanceledException) when (_control.Abandon.IsCancellationRequested)
        {
            LogAbandoned(request.Job, request.Epoch);
        }
        catch (OperationCanceledException) when (_control.Stop.IsCancellationRequested)
        {
            await Tell(() => _job.ReportStopped(request.Epoch, CancellationToken.None)); // stopped before training began: nothing to keep
        }
        catch (Exception exception) // the segment's edge: whatever it was, the job decides what follows
        {
            FailureKind kind = Classify(exception);
            if (kind == FailureKind.Input) LogRefused(request.Job, request.Epoch, exception.Message);
            else LogFailed(exception, request.Job, request.Epoch, kind);
            await Tell(() => _job.ReportFailed(request.Epoch, kind, exception.Message, CancellationToken.None));
        }
    }

    public void Dispose() => _control.Dispose();

    // The signs of life end before the outcome is told: the answer to one that comes after it would be to abandon the job.
    private async Task<TrainingOutcome> TrainWithReports()
    {
        using var reporting = CancellationTokenSource.CreateLinkedTokenSource(_control.Abandon);
        Task reports = ReportProgress(reporting.Token);
        try
        {
            return await Train();
        }
        finally
        {
            await reporting.CancelAsync();
            await reports;
        }
    }

    private async Task<TrainingOutcome> Train()
    {
        _progress.Activity = "loads the pack";
        FrozenNetworks networks = await device.Networks(request.Spec.Pack, _control.Stop);
        var preparation = new BankPreparation(grains, store, device.Thread, device.Kind);
        LatentBank bank = await preparation.Get(request, networks, _progress, _control.Stop);
        _progress.Activity = "starts training";
        try
        {
            byte[]? state = request.Checkpoint is { } reference ? await ReadState(reference) : null;
            return await Train(networks, bank, state);
        }
        finally
        {
            await device.Thread.Invoke(() =>
            {
                bank.Dispose();
                return true;
            });
        }
    }

    private async Task<byte[]> ReadState(ArtifactRef reference)
    {
        CheckpointManifest manifest = await checkpoints.Read(reference, _control.Stop);
        if (manifest.DeviceKind != device.Kind)
            throw new InvalidDataException($"The checkpoint was computed on {manifest.DeviceKind}; this device is {device.Kind}.");
        return await checkpoints.ReadState(manifest, _control.Stop);
    }

    private async Task<TrainingOutcome> Train(FrozenNetworks networks, LatentBank bank, byte[]? state)
    {
        var observer = new SegmentObserver(_progress);
        var labels = new TrainingLabels(request.Job.Sweep, request.Job.Job, request.Lease.Node, device.Thread.Name);
        Task storing = StoreCheckpoints(observer);
        Task<TrainingOutcome> training = device.Thread.Invoke(() =>
        {
            try
            {
                using var mapper = new MapperTraining(request.Spec, networks, bank, state, labels);
                return mapper.Run(LocalGradientExchange.Instance, observer, _control.Stop);
            }
            finally
            {
                observer.Complete();
            }
        });
        TrainingOutcome outcome = await training;
        await storing;
        return outcome;
    }

    // A store that is away does not stop training: the newest checkpoint waits until it is back.
    private async Task StoreCheckpoints(SegmentObserver observer)
    {
        await foreach (TrainingCheckpoint checkpoint in observer.Checkpoints.ReadAllAsync(_control.Abandon))
        {
            while (!await TryStore(checkpoint) && !observer.Checkpoints.TryPeek(out _)) await Task.Delay(StoreRetryPeriod, time, _control.Abandon);
        }
    }

    private async Task<bool> TryStore(TrainingCheckpoint checkpoint)
    {
        var draft = new CheckpointDraft
        {
            Job = new JobId(request.Job.Job),
            Epoch = request.Epoch,
            Step = checkpoint.Step,
            State = checkpoint.State,
            Strip = checkpoint.Strip,
            Validation = checkpoint.Validation,
            Best = checkpoint.Best,
            DeviceKind = device.Kind,
            Build = NodeBuild.Name,
        };
        try
        {
            StoredCheckpoint stored = await checkpoints.Write(draft, _control.Abandon);
            bool isOwner = await _job.ReportCheckpoint(request.Epoch, stored.Reference, stored.Manifest, SecondsSinceAccounted(), _control.Abandon);
            _accountedFrom = time.GetTimestamp();
            if (!isOwner) _control.Obey(WorkerOrder.Abandon);
            return true;
        }
        catch (Exception exception) when (exception is IOException or OrleansException or TimeoutException)
        {
            LogCheckpointDelayed(exception, request.Job, checkpoint.Step);
            return false;
        }
    }

    private async Task Report(TrainingOutcome outcome)
    {
        _control.Abandon.ThrowIfCancellationRequested();
        switch (outcome.End)
        {
            case TrainingEnd.Paused:
                await _job.ReportStopped(request.Epoch, _control.Abandon);
                break;
            case TrainingEnd.Diverged:
                await _job.ReportFailed(request.Epoch, FailureKind.Diverged, outcome.Reason!, _control.Abandon);
                break;
            default:
                var result = new TrainingResult
                {
                    Mapper = await store.Put(outcome.Mapper, MediaTypes.Safetensors, _control.Abandon),
                    Strip = await store.Put(outcome.Strip, MediaTypes.Png, _control.Abandon),
                    Metrics = outcome.Best!,
                    Steps = outcome.Step,
                    DeviceKind = device.Kind,
                    Build = NodeBuild.Name,
                };
                await _job.ReportTrained(request.Epoch, result, _control.Abandon);
                break;
        }
    }

    private async Task ReportProgress(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ReportPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await Tell(async () => _control.Obey(await _job.ReportProgress(_progress.Read(request.Epoch), cancellationToken)));
            }
        }
        catch (OperationCanceledException)
        {
            // the segment has ended
        }
    }

    // A job that cannot be reached is no reason to stop: it will take over what counts from the store.
    private async Task Tell(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            LogUnheard(exception, request.Job);
        }
    }

    private double SecondsSinceAccounted() => time.GetElapsedTime(_accountedFrom).TotalSeconds;

    private static FailureKind Classify(Exception exception) => exception switch
    {
        WeightsException or InvalidDataException or ArgumentException or ArtifactMissingException or ArtifactCorruptException => FailureKind.Input,
        IOException => FailureKind.Store,
        _ => FailureKind.Device,
    };

    [LoggerMessage(LogLevel.Information, "Job {Job}, epoch {Epoch}: abandoned")]
    private partial void LogAbandoned(JobKey job, long epoch);

    [LoggerMessage(LogLevel.Error, "Job {Job}, epoch {Epoch}: the segment failed ({Kind})")]
    private partial void LogFailed(Exception exception, JobKey job, long epoch, FailureKind kind);

    [LoggerMessage(LogLevel.Warning, "Job {Job}, epoch {Epoch}: cannot be trained as asked: {Reason}")]
    private partial void LogRefused(JobKey job, long epoch, string reason);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: the checkpoint of step {Step} could not be stored; it will be tried again")]
    private partial void LogCheckpointDelayed(Exception exception, JobKey job, int step);

    [LoggerMessage(LogLevel.Warning, "Job {Job} could not be told")]
    private partial void LogUnheard(Exception exception, JobKey job);
}
