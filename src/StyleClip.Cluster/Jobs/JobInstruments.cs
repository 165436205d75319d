using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Telemetry;

namespace StyleClip.Cluster.Jobs;

/// <summary>
/// Losses, steps and states of the jobs whose grains live in this process. Labels are the sweep and the job; the prompt appears only as a
/// slug on <c>styleclip_job_info</c>, to be joined.
/// </summary>
internal sealed class JobInstruments : IDisposable
{
    private readonly Meter _meter = new(StyleClipMeter.Name);
    private readonly ConcurrentDictionary<JobKey, JobReadings> _jobs = new();
    private readonly Counter<long> _restarts;

    public JobInstruments()
    {
        Gauge("styleclip_job_info", "1; carries what a job is", Describe);
        Gauge("styleclip_job_state", "1 for the phase the job is in, else 0", State);
        Gauge("styleclip_job_step", "Updates done", job => One(job, job.Step?.Step));
        Gauge("styleclip_job_steps_target", "Updates that the recipe asks for", job => One(job, job.Recipe?.Steps));
        Gauge("styleclip_job_loss", "Unweighted loss terms", Losses);
        Gauge("styleclip_job_objective", "Weighted sum of the loss terms", Objectives);
        Gauge("styleclip_job_loss_weight", "Weights of the loss terms", Weights);
        Gauge("styleclip_job_clip_similarity_gain", "Mean cosine to the prompt, edited minus source", job => One(job, job.Validation?.ClipGain));
        Gauge("styleclip_job_identity_similarity", "Mean cosine of identity features, edited to source", job => One(job, job.Validation?.IdentitySimilarity));
        Gauge("styleclip_job_latent_shift_norm", "Mean norm of the latent offset", job => One(job, job.Validation?.LatentShiftNorm));
        Gauge("styleclip_job_gradient_norm", "Norm of the gradient", job => One(job, job.Step?.GradientNorm));
        Gauge("styleclip_job_best_objective", "Validation objective of the best mapper so far", job => One(job, job.Best?.Objective));
        Gauge("styleclip_job_best_step", "Updates done when the best mapper was measured", job => One(job, job.Best?.Step));
        _restarts = _meter.CreateCounter<long>("styleclip_job_restarts", description: "Jobs started again after a failure");
    }

    public void Step(JobKey key, StepReport step) => Of(key).Step = step;

    public void Validation(JobKey key, ValidationReport validation) => Of(key).Validation = validation;

    public void State(JobKey key, JobState state)
    {
        JobReadings job = Of(key);
        if (job.Epoch != state.Epoch) (job.Epoch, job.Step) = (state.Epoch, null);
        job.Phase = state.Phase;
        job.Best = state.Best;
        job.Validation = state.LastValidation ?? job.Validation;
        job.Slug = state.Spec is null ? "" : Slug.Of(state.Spec.Prompt);
        job.Recipe = state.Spec?.Recipe;
        job.DeviceKind = state.DeviceKind ?? job.DeviceKind;
        job.Seed = state.Spec?.Seed ?? 0;
    }

    public void Restarted(JobKey key, FailureKind kind) =>
        _restarts.Add(1, new KeyValuePair<string, object?>("sweep", key.Sweep), new KeyValuePair<string, object?>("reason", Label(kind)));

    public void Forget(JobKey key) => _jobs.TryRemove(key, out _);

    public void Dispose() => _meter.Dispose();

    private JobReadings Of(JobKey key) => _jobs.GetOrAdd(key, k => new JobReadings(k));

    private void Gauge(string name, string description, Func<JobReadings, IEnumerable<Measurement<double>>> read) =>
        _meter.CreateObservableGauge(name, () => _jobs.Values.SelectMany(read), description: description);

    private static IEnumerable<Measurement<double>> One(JobReadings job, double? value) =>
        value is { } number ? [Measure(job, number)] : [];

    private static Measurement<double> Measure(JobReadings job, double value, params ReadOnlySpan<KeyValuePair<string, object?>> more) =>
        new(value, [new("sweep", job.Key.Sweep), new("job", job.Key.Job), .. more]);

    private static IEnumerable<Measurement<double>> Describe(JobReadings job) =>
    [
        Measure(
            job,
            1,
            new("prompt_slug", job.Slug),
            new("kind", "mapper"),
            new("mapper", job.Recipe is null ? "" : Label(job.Recipe.Mapper.Kind)),
            new("device_class", job.DeviceKind ?? ""),
            new("seed", job.Seed)),
    ];

    private static IEnumerable<Measurement<double>> State(JobReadings job) =>
        Enum.GetValues<JobPhase>().Select(phase => Measure(job, phase == job.Phase ? 1 : 0, new KeyValuePair<string, object?>("state", Label(phase))));

    private static IEnumerable<Measurement<double>> Losses(JobReadings job)
    {
        if (job.Step is { } step) foreach (var loss in Terms(job, "train", step.ClipLoss, step.IdentityLoss, step.LatentL2Loss)) yield return loss;
        if (job.Validation is { } v) foreach (var loss in Terms(job, "validation", v.ClipLoss, v.IdentityLoss, v.LatentL2Loss)) yield return loss;
    }

    private static IEnumerable<Measurement<double>> Objectives(JobReadings job)
    {
        if (job.Step is { } step) yield return Measure(job, step.Objective, new KeyValuePair<string, object?>("split", "train"));
        if (job.Validation is { } v) yield return Measure(job, v.Objective, new KeyValuePair<string, object?>("split", "validation"));
    }

    private static IEnumerable<Measurement<double>> Weights(JobReadings job) => job.Recipe?.Loss is not { } loss
        ? []
        :
        [
            Measure(job, loss.Clip, new KeyValuePair<string, object?>("term", "clip")),
            Measure(job, loss.Identity, new KeyValuePair<string, object?>("term", "id")),
            Measure(job, loss.LatentL2, new KeyValuePair<string, object?>("term", "l2")),
        ];

    private static IEnumerable<Measurement<double>> Terms(JobReadings job, string split, double clip, double? identity, double latentL2)
    {
        yield return Measure(job, clip, new("split", split), new("term", "clip"));
        if (identity is { } id) yield return Measure(job, id, new("split", split), new("term", "id"));
        yield return Measure(job, latentL2, new("split", split), new("term", "l2"));
    }

    private static string Label<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private sealed class JobReadings(JobKey key)
    {
        public JobKey Key { get; } = key;

        public string Slug { get; set; } = "";

        public JobPhase Phase { get; set; }

        public long Epoch { get; set; }

        public StepReport? Step { get; set; }

        public ValidationReport? Validation { get; set; }

        public ValidationReport? Best { get; set; }

        public RecipeSpec? Recipe { get; set; }

        public string? DeviceKind { get; set; }

        public long Seed { get; set; }
    }
}
