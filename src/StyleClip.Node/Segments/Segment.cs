using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Models.Packs;
using StyleClip.Storage.Checkpoints;
using StyleClip.Training.Mapping;

namespace StyleClip.Node.Segments;

/// <summary>
/// One stretch of a job on one device: loads the pack, does the job's work, stores what comes of it where it leads, and tells the job.
/// Everything that waits is here and in the work; everything that computes is on the device thread.
/// </summary>
internal sealed partial class Segment : IDisposable
{
    private readonly SegmentContext _context;
    private readonly ISegmentWork _work;
    private readonly ILogger _logger;
    private long _accountedFrom;

    public Segment(SegmentRequest request, TrainingDevice device, SegmentServices services)
    {
        _context = new SegmentContext(request, device, services);
        _work = ISegmentWork.Of(_context);
        _logger = services.Logger;
        _accountedFrom = services.Time.GetTimestamp();
    }

    public SegmentRequest Request => _context.Request;

    private SegmentServices Services => _context.Services;

    private SegmentControl Control => _context.Control;

    private IJobGrain Job => _context.Job;

    private Guid Lease => _context.Lease;

    public void Obey(WorkerOrder order) => Control.Obey(order);

    public void Enter(JobView view) => _context.Views.Enter(view);

    /// <summary>Runs until the work ends, the segment is stopped, or it fails. Does not throw: the job is told instead.</summary>
    public async Task Run()
    {
        using var reporting = CancellationTokenSource.CreateLinkedTokenSource(Control.Abandon);
        Task reports = ReportProgress(reporting.Token);
        try
        {
            await Report(await Work());
        }
        catch (OperationCanceledException) when (Control.Abandon.IsCancellationRequested)
        {
            LogAbandoned(Request.Job, Request.Lease);
        }
        catch (OperationCanceledException) when (Control.Stop.IsCancellationRequested)
        {
            await _context.Tell(() => Job.ReportStopped(Lease, CancellationToken.None)); // stopped where there is nothing to keep
        }
        catch (Exception exception) // the segment's edge: whatever it was, the job decides what follows
        {
            FailureKind kind = SegmentContext.Classify(exception);
            if (kind == FailureKind.Input) LogRefused(Request.Job, Request.Lease, exception.Message);
            else LogFailed(exception, Request.Job, Request.Lease, kind);
            await _context.Tell(() => Job.ReportFailed(Lease, kind, exception.Message, CancellationToken.None));
        }
        finally
        {
            await reporting.CancelAsync();
            await reports;
        }
    }

    public void Dispose() => _context.Dispose();

    private async Task<SegmentOutcome> Work()
    {
        _context.Progress.Activity = "loads the pack";
        FrozenNetworks networks = await _context.WithStore(() => _context.Device.Networks(_context.Spec.Pack, Control.Stop));
        _context.Progress.Identity = _context.Identity; // from now on others may join, and help with what the job needs
        var observer = new SegmentObserver(_context.Progress);
        Task storing = StoreCheckpoints(observer);
        SegmentOutcome outcome;
        try
        {
            outcome = await _work.Run(networks, observer);
        }
        finally
        {
            observer.Complete();
        }

        await storing;
        return outcome;
    }

    // A store that is away does not stop the work: the newest checkpoint waits until it is back.
    private async Task StoreCheckpoints(SegmentObserver observer)
    {
        await foreach (TrainingCheckpoint checkpoint in observer.Checkpoints.ReadAllAsync(Control.Abandon))
        {
            while (!await TryStore(checkpoint) && !observer.Checkpoints.TryPeek(out _))
                await Task.Delay(SegmentContext.RetryPeriod, Services.Time, Control.Abandon);
        }
    }

    private async Task<bool> TryStore(TrainingCheckpoint checkpoint)
    {
        var draft = new CheckpointDraft
        {
            Job = new JobId(Request.Job.Job),
            Epoch = _context.Views.Epoch,
            Step = checkpoint.Step,
            State = checkpoint.State,
            Strip = checkpoint.Strip,
            Validation = checkpoint.Validation,
            Best = checkpoint.Best,
            DeviceKind = _context.Device.Kind,
            Build = NodeBuild.Name,
        };
        try
        {
            long began = Services.Time.GetTimestamp();
            StoredCheckpoint stored = await Services.Checkpoints.Write(draft, Control.Abandon);
            bool isOwner = await Job.ReportCheckpoint(Lease, stored.Reference, stored.Manifest, SecondsSinceAccounted(), Control.Abandon);
            _accountedFrom = Services.Time.GetTimestamp();
            NodeInstruments.CheckpointStoreDuration.Record(Services.Time.GetElapsedTime(began).TotalSeconds, _context.OfNode());
            if (!isOwner) Control.Obey(WorkerOrder.Abandon);
            return true;
        }
        catch (Exception exception) when (SegmentContext.IsPassing(exception))
        {
            NodeInstruments.CheckpointFailures.Add(1, _context.OfNode());
            LogCheckpointDelayed(exception, Request.Job, checkpoint.Step);
            return false;
        }
    }

    private async Task Report(SegmentOutcome outcome)
    {
        while (true)
        {
            Control.Abandon.ThrowIfCancellationRequested();
            try
            {
                await ReportOnce(outcome);
                return;
            }
            catch (Exception exception) when (SegmentContext.IsPassing(exception))
            {
                LogUnheard(exception, Request.Job);
            }

            await Task.Delay(SegmentContext.RetryPeriod, Services.Time, Control.Abandon);
        }
    }

    private async Task ReportOnce(SegmentOutcome outcome)
    {
        TrainingOutcome training = outcome.Training;
        switch (training.End)
        {
            case TrainingEnd.Paused:
                await Job.ReportStopped(Lease, CancellationToken.None);
                break;
            case TrainingEnd.Diverged:
                await Job.ReportFailed(Lease, FailureKind.Diverged, training.Reason!, CancellationToken.None);
                break;
            default:
                var result = new TrainingResult
                {
                    Mapper = await Services.Store.Put(training.Mapper, MediaTypes.Safetensors, Control.Abandon),
                    Strip = training.Strip is { } strip ? await Services.Store.Put(strip, MediaTypes.Png, Control.Abandon) : null,
                    Metrics = training.Best,
                    Steps = training.Step,
                    DeviceKind = _context.Device.Kind,
                    Build = NodeBuild.Name,
                    TableRows = outcome.TableRows,
                    TableFeatures = outcome.TableFeatures,
                    Domain = outcome.Domain,
                    DeviceSeconds = outcome.DeviceSeconds ?? SecondsSinceAccounted(),
                };
                await Job.ReportTrained(Lease, result, CancellationToken.None);
                break;
        }
    }

    private async Task ReportProgress(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SegmentContext.ReportPeriod, Services.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await _context.Tell(async () => _context.Obey(await Job.ReportProgress(_context.Progress.Read(Lease), CancellationToken.None)
                    .WaitAsync(SegmentContext.AnswerLimit, Services.Time, cancellationToken)));
        }
        catch (OperationCanceledException)
        {
            // the segment has ended
        }
    }

    private double SecondsSinceAccounted() => Services.Time.GetElapsedTime(_accountedFrom).TotalSeconds;

    [LoggerMessage(LogLevel.Information, "Job {Job}: {Lease} is let go")]
    private partial void LogAbandoned(JobKey job, DeviceLease lease);

    [LoggerMessage(LogLevel.Error, "Job {Job}: {Lease} failed ({Kind})")]
    private partial void LogFailed(Exception exception, JobKey job, DeviceLease lease, FailureKind kind);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: {Lease} cannot do it as asked: {Reason}")]
    private partial void LogRefused(JobKey job, DeviceLease lease, string reason);

    [LoggerMessage(LogLevel.Warning, "Job {Job}: the checkpoint of step {Step} could not be stored; it will be tried again")]
    private partial void LogCheckpointDelayed(Exception exception, JobKey job, int step);

    [LoggerMessage(LogLevel.Warning, "Job {Job} could not be told")]
    private partial void LogUnheard(Exception exception, JobKey job);
}
