using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using StyleClip.Contracts.Jobs;
using StyleClip.Cluster.Hosting;
using StyleClip.Contracts.Telemetry;

namespace StyleClip.Cluster.Jobs;

/// <summary>
/// Losses, steps and states of the jobs whose grains live in this process. Labels are the sweep and the job; the prompt appears only as a
/// slug on <c>styleclip_job_info</c>, to be joined. A job has series from the moment it gets a device; they end when its grain leaves this
/// process, or a while after its end.
/// </summary>
internal sealed class JobInstruments : IDisposable
{
    private readonly Meter _meter;
    private readonly ConcurrentDictionary<JobKey, JobReadings> _jobs = new();
    private readonly Counter<long> _restarts, _lostSteps, _verdicts, _publications;
    private readonly Histogram<double> _recoveries, _startDelays;
    private readonly TimeProvider _time;
    private readonly SeriesRetention _retention;

    public JobInstruments(TimeProvider time, SeriesRetention retention)
    {
        (_time, _retention) = (time, retention);
        _meter = new Meter(new MeterOptions(StyleClipMeter.Name) { Scope = this });
        Gauge("styleclip_job_info", "1; carries what a job is", Describe);
        Gauge("styleclip_job_state", "1 for the phase that the job is in", job => [Measure(job, 1, ("state", Label(job.Phase)))]);
        Gauge("styleclip_job_step", "Updates done", job => One(job, job.Steps));
        Gauge("styleclip_job_steps_target", "Updates that the recipe asks for", job => One(job, job.Recipe?.Steps));
        Gauge("styleclip_job_workers", "Devices that work for the job", job => One(job, job.Width));
        Gauge("styleclip_job_loss", "Unweighted loss terms", Losses);
        Gauge("styleclip_job_objective", "Weighted sum of the loss terms", Objectives);
        Gauge("styleclip_job_loss_weight", "Weights of the loss terms", Weights);
        Gauge("styleclip_job_clip_similarity_gain", "Mean cosine to the prompt, edited minus source", job => One(job, job.Validation?.ClipGain));
        Gauge("styleclip_job_identity_similarity", "Mean cosine of identity features, edited to source", job => One(job, job.Validation?.IdentitySimilarity));
        Gauge("styleclip_job_gate_identity_similarity", "Identity similarity that the gate asks for", job => One(job, job.Gate?.IdentitySimilarity));
        Gauge("styleclip_job_latent_shift_norm", "Mean norm of the latent offset", job => One(job, job.Validation?.LatentShiftNorm));
        Gauge("styleclip_job_gradient_norm", "Norm of the gradient", job => One(job, job.Step?.GradientNorm));
        Gauge("styleclip_job_best_objective", "Validation objective of the best mapper so far", job => One(job, job.Best?.Objective));
        Gauge("styleclip_job_best_step", "Updates done when the best mapper was measured", job => One(job, job.Best?.Step));
        Gauge("styleclip_checkpoint_step", "Updates that the newest checkpoint holds", job => One(job, job.CheckpointStep));
        Gauge("styleclip_checkpoint_every_steps", "Updates between two checkpoints", job => One(job, job.CheckpointEverySteps));
        Gauge(
            "styleclip_checkpoint_last_success_timestamp_seconds",
            "When the newest checkpoint was stored, in Unix seconds",
            job => One(job, job.CheckpointedAt?.ToUnixTimeMilliseconds() / 1000.0));
        _restarts = _meter.CreateCounter<long>("styleclip_job_restarts", description: "Worker failures after which a job went on, by their reason");
        _lostSteps = _meter.CreateCounter<long>("styleclip_job_lost_steps", description: "Updates that were done since the checkpoint a job went back to");
        _verdicts = _meter.CreateCounter<long>("styleclip_quality_gate", description: "Edits that reached the gate, and edits that did not");
        _publications = _meter.CreateCounter<long>("styleclip_catalogue_publish", description: "Tries to publish what training produced");
        _recoveries = _meter.CreateHistogram(
            "styleclip_recovery_duration",
            "s",
            "Time from an interruption, as soon as it is noticed, to the first step after it",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300, 600] });
        _startDelays = _meter.CreateHistogram(
            "styleclip_job_start_delay",
            "s",
            "Time from the submission of a job to its first step",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400] });
    }

    /// <summary>A job's grain came to life here, with what it remembers.</summary>
    public void Found(JobKey key, JobState state)
    {
        if (state.Spec is null || state.Phase.HasEnded()) return; // what has ended was shown where it ended
        JobReadings job = Of(key);
        if (state is { Phase: JobPhase.Pending, Epoch: 0, Log: [var submitted, ..] }) job.SubmittedAt = submitted.At;
        job.Read(state, _time.GetUtcNow());
    }

    public void Step(JobKey key, StepReport step)
    {
        JobReadings job = Of(key);
        DateTimeOffset now = _time.GetUtcNow();
        if (job.Report(step) is { } interruption)
            _recoveries.Record((now - interruption.Since).TotalSeconds, new KeyValuePair<string, object?>("kind", Label(interruption.Kind)));
        if (job.SubmittedAt is not { } submittedAt) return;
        _startDelays.Record((now - submittedAt).TotalSeconds);
        job.SubmittedAt = null;
    }

    /// <summary>Steps are done that measure nothing.</summary>
    public void Progress(JobKey key, int stepsDone) => Of(key).StepsDone = stepsDone;

    public void Validation(JobKey key, ValidationReport validation) => Of(key).Validation = validation;

    /// <summary>Something happened to the job, and this is what it is now.</summary>
    public void Changed(JobKey key, JobEvent happened, JobState previous, JobState next)
    {
        JobReadings job = Of(key);
        DateTimeOffset now = _time.GetUtcNow();
        switch (happened)
        {
            case JobEvent.Submitted when previous.Spec is null:
                job.SubmittedAt = now;
                break;
            case JobEvent.Assigned:
                job.Assigned();
                ShowCounters(key);
                break;
            case JobEvent.Checkpointed:
                job.CheckpointedAt = now;
                break;
            case JobEvent.WorkerFailed failed:
                if (next.Phase != JobPhase.Failed) Count(_restarts, 1, key, ("reason", Label(failed.Kind)));
                if (!next.Phase.HoldsDevice()) Count(_lostSteps, Math.Max(0, job.Steps - next.CheckpointStep), key);
                job.Interrupt(RecoveryKind.Crash, now);
                break;
            case JobEvent.Stopped when previous.Phase == JobPhase.Running:
                job.Interrupt(RecoveryKind.Drain, now);
                break;
            case JobEvent.Joined or JobEvent.Left:
                job.Interrupt(RecoveryKind.Resize, now);
                break;
            case JobEvent.Published published:
                if (next.Spec?.Table is null) Count(_verdicts, 1, key, ("verdict", published.PassesGate ? "passed" : "rejected")); // tables have no gate
                Count(_publications, 1, key, ("result", "success"));
                break;
        }

        if (next.Phase is JobPhase.Paused or JobPhase.Publishing || next.Phase.HasEnded()) job.Rest();
        job.Read(next, now);
    }

    public void PublishFailed(JobKey key) => Count(_publications, 1, key, ("result", "failure"));

    /// <summary>The grain leaves this process; wherever it comes to life next, it is exported there.</summary>
    public void Forget(JobKey key)
    {
        if (_jobs.TryGetValue(key, out JobReadings? job) && job.EndedAt is null) _jobs.TryRemove(key, out _);
    }

    public void Dispose() => _meter.Dispose();

    private JobReadings Of(JobKey key) => _jobs.GetOrAdd(key, k => new JobReadings(k));

    // A counter that begins at its first event shows no increase for it.
    private void ShowCounters(JobKey key)
    {
        foreach (FailureKind kind in Enum.GetValues<FailureKind>()) Count(_restarts, 0, key, ("reason", Label(kind)));
        Count(_lostSteps, 0, key);
        foreach (string result in new[] { "success", "failure" }) Count(_publications, 0, key, ("result", result));
        foreach (string verdict in new[] { "passed", "rejected" }) Count(_verdicts, 0, key, ("verdict", verdict));
    }

    private static void Count(Counter<long> counter, long number, JobKey key, (string Name, object? Value)? label = null)
    {
        if (label is { } more) counter.Add(number, new KeyValuePair<string, object?>("sweep", key.Sweep), new(more.Name, more.Value));
        else counter.Add(number, new KeyValuePair<string, object?>("sweep", key.Sweep));
    }

    private void Gauge(string name, string description, Func<JobReadings, IEnumerable<Measurement<double>>> read) =>
        _meter.CreateObservableGauge(name, () => Shown().SelectMany(read), description: description);

    private IEnumerable<JobReadings> Shown()
    {
        DateTimeOffset shownSince = _time.GetUtcNow() - _retention.AfterEnd;
        foreach (JobReadings job in _jobs.Values)
            if (job.EndedAt < shownSince) _jobs.TryRemove(job.Key, out _);
            else if (job.Epoch > 0) yield return job;
    }

    private static IEnumerable<Measurement<double>> One(JobReadings job, double? value) =>
        value is { } number ? [Measure(job, number)] : [];

    private static Measurement<double> Measure(JobReadings job, double value, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var labels = new KeyValuePair<string, object?>[2 + more.Length];
        (labels[0], labels[1]) = (new("sweep", job.Key.Sweep), new("job", job.Key.Job));
        for (int i = 0; i < more.Length; i++) labels[2 + i] = new(more[i].Name, more[i].Value);
        return new(value, labels);
    }

    private static IEnumerable<Measurement<double>> Describe(JobReadings job) =>
    [
        Measure(
            job,
            1,
            ("prompt_slug", job.Slug),
            ("kind", job.Kind),
            ("mapper", job is { Kind: "mapper", Recipe: { } recipe } ? Label(recipe.Mapper.Kind) : ""),
            ("device_class", job.DeviceKind ?? ""),
            ("seed", job.Seed)),
    ];

    private static IEnumerable<Measurement<double>> Losses(JobReadings job)
    {
        if (job.Step is { } step) foreach (var loss in Terms(job, "train", step.ClipLoss, step.IdentityLoss, step.LatentL2Loss)) yield return loss;
        if (job.Validation is { } v) foreach (var loss in Terms(job, "validation", v.ClipLoss, v.IdentityLoss, v.LatentL2Loss)) yield return loss;
    }

    private static IEnumerable<Measurement<double>> Objectives(JobReadings job)
    {
        if (job.Step is { } step) yield return Measure(job, step.Objective, ("split", "train"));
        if (job.Validation is { } v) yield return Measure(job, v.Objective, ("split", "validation"));
    }

    private static IEnumerable<Measurement<double>> Weights(JobReadings job) => job.LossWeights is not { } weights
        ? []
        : [Measure(job, weights.Clip, ("term", "clip")), Measure(job, weights.Identity, ("term", "id")), Measure(job, weights.LatentL2, ("term", "l2"))];

    private static IEnumerable<Measurement<double>> Terms(JobReadings job, string split, double clip, double? identity, double latentL2)
    {
        yield return Measure(job, clip, ("split", split), ("term", "clip"));
        if (identity is { } id) yield return Measure(job, id, ("split", split), ("term", "id"));
        yield return Measure(job, latentL2, ("split", split), ("term", "l2"));
    }

    private static string Label<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
