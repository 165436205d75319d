using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Gradients;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Models.Weights;
using StyleClip.Storage.Artifacts;
using StyleClip.Training;

namespace StyleClip.Node.Segments;

/// <summary>What a segment has to do, where, and with whom it speaks: shared by the segment and the work that it does.</summary>
internal sealed partial class SegmentContext : IDisposable
{
    /// <summary>Time between two signs of life.</summary>
    public static readonly TimeSpan ReportPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Time after which a sign of life is given again although the last one was not answered: a message that was lost with a process must
    /// not make a worker silent for as long as the job holds it for alive.
    /// </summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>Time between two tries to reach the store, or the job where it cannot be missed.</summary>
    public static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger;

    public SegmentContext(SegmentRequest request, TrainingDevice device, SegmentServices services)
    {
        (Request, Device, Services, _logger) = (request, device, services, services.Logger);
        Views = new SegmentViews(request.View, Control.Abandon);
        Progress = new SegmentProgress(services.Time);
        Job = services.Grains.GetGrain<IJobGrain>(request.Job.ToString());
    }

    public SegmentRequest Request { get; }

    public TrainingDevice Device { get; }

    public SegmentServices Services { get; }

    public SegmentControl Control { get; } = new();

    public SegmentViews Views { get; }

    public SegmentProgress Progress { get; }

    public IJobGrain Job { get; }

    public JobSpec Spec => Request.Spec;

    public Guid Lease => Request.Lease.Id;

    public MemberIdentity Identity => new() { DeviceKind = Device.Kind, Build = NodeBuild.Name, Pack = Spec.Pack };

    public TrainingLabels Labels => new(Request.Job.Sweep, Request.Job.Job, Request.Lease.Node, Device.Thread.Name);

    public KeyValuePair<string, object?> OfNode() => new("node", Request.Lease.Node);

    public void Obey(WorkerAnswer answer)
    {
        Control.Obey(answer.Order);
        if (answer.View is { } view) Views.Enter(view);
    }

    /// <summary>Waits until the job has taken this segment among its members.</summary>
    public async Task Join()
    {
        if (Request.View is not null) return;
        Progress.Activity = "joins";
        while (Views.Epoch < 0)
        {
            await Tell(async () => Obey(await Job.Join(Lease, Identity, CancellationToken.None)));
            if (Views.Epoch < 0) await Task.Delay(ReportPeriod, Services.Time, Control.Stop);
        }
    }

    /// <summary>State of the checkpoint to go on from; null where there is none.</summary>
    public async Task<byte[]?> ReadState() => Request.Checkpoint is { } reference ? await WithStore(() => ReadState(reference)) : null;

    /// <summary>The file that the bank's latents are read from; null for a sampled bank.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadLatentFile() =>
        Spec.Bank.Digest is { } digest ? await WithStore(() => Services.Store.ReadVerified(digest, Control.Stop)) : null;

    /// <summary>Reads from the store, again and again while it is away: a job does not fail because its store pauses.</summary>
    public async Task<T> WithStore<T>(Func<Task<T>> read)
    {
        while (true)
        {
            try
            {
                return await read();
            }
            catch (Exception exception) when (IsPassing(exception))
            {
                LogStoreAway(exception, Request.Job);
                Progress.Activity = "waits for the store";
            }

            await Task.Delay(RetryPeriod, Services.Time, Control.Stop);
        }
    }

    /// <summary>Tells the job. One that cannot be reached is no reason to stop: it will take over what counts from the store.</summary>
    public async Task Tell(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (IsPassing(exception))
        {
            LogUnheard(exception, Request.Job);
        }
    }

    /// <summary>Whether the store or the cluster is away for now; a missing or damaged artifact is not of that kind.</summary>
    public static bool IsPassing(Exception exception) =>
        exception is OrleansException or TimeoutException || (exception is IOException && Classify(exception) == FailureKind.Store);

    public static FailureKind Classify(Exception exception) => exception switch
    {
        WeightsException or InvalidDataException or ArgumentException or ArtifactMissingException or ArtifactCorruptException => FailureKind.Input,
        IOException => FailureKind.Store,
        _ => FailureKind.Device,
    };

    public void Dispose()
    {
        Views.Dispose();
        Control.Dispose();
    }

    private async Task<byte[]> ReadState(ArtifactRef reference)
    {
        CheckpointManifest manifest = await Services.Checkpoints.Read(reference, Control.Stop);
        if (manifest.DeviceKind != Device.Kind)
            throw new InvalidDataException($"The checkpoint was computed on {manifest.DeviceKind}; this device is {Device.Kind}.");
        return await Services.Checkpoints.ReadState(manifest, Control.Stop);
    }

    [LoggerMessage(LogLevel.Warning, "Job {Job}: the store does not answer; it will be asked again")]
    private partial void LogStoreAway(Exception exception, JobKey job);

    [LoggerMessage(LogLevel.Warning, "Job {Job} could not be told")]
    private partial void LogUnheard(Exception exception, JobKey job);
}
