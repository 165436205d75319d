using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using StyleClip.Cluster.Hosting;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Sweeps;
using StyleClip.Cluster.Tests;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Gateway.Metrics;

namespace StyleClip.Gateway.Tests.Metrics;

/// <summary>What Prometheus reads of a job, from its instruments to the page.</summary>
public sealed partial class JobSeriesTests : IAsyncLifetime
{
    private static readonly SeriesRetention Retention = new(TimeSpan.FromMinutes(10));
    private static readonly DeviceLease Second = Samples.Lease with { Device = 1, Id = Guid.NewGuid() };

    private readonly FakeTimeProvider _time = new();
    private readonly JobInstruments _jobs;
    private readonly SweepInstruments _sweeps;
    private readonly HttpClient _http = new();
    private MetricsServer? _metrics;
    private readonly JobKey _key = new($"sweep{Guid.NewGuid():n}", "job");
    private JobState _state = new();

    public JobSeriesTests() => (_jobs, _sweeps) = (new JobInstruments(_time, Retention), new SweepInstruments(_time, Retention));

    public async ValueTask InitializeAsync() => _metrics = await MetricsServer.Start(
        new MetricsOptions { Port = 0 },
        instrument => instrument.Meter.Scope == _jobs || instrument.Meter.Scope == _sweeps,
        TestContext.Current.CancellationToken);

    [Fact]
    public void A_training_job_has_every_series_that_an_operator_looks_for()
    {
        Train();
        Happen(new JobEvent.Joined(Second), new JobEvent.Checkpointed(Samples.Lease.Id, Samples.Artifact, Samples.Checkpoint(50), 1));
        _jobs.Step(_key, Step(57));
        _jobs.Validation(_key, Samples.Validation(gain: 0.4, identity: 0.75));

        Assert.Equal(
            [
                "styleclip_checkpoint_every_steps{} 50",
                "styleclip_checkpoint_last_success_timestamp_seconds{} 946684800",
                "styleclip_checkpoint_step{} 50",
                "styleclip_job_best_objective{} 0.8",
                "styleclip_job_best_step{} 50",
                "styleclip_job_clip_similarity_gain{} 0.4",
                "styleclip_job_gate_identity_similarity{} 0.5",
                "styleclip_job_gradient_norm{} 0.5",
                "styleclip_job_identity_similarity{} 0.75",
                "styleclip_job_info{device_class=\"cpu-test\",kind=\"mapper\",mapper=\"levels\",prompt_slug=\"red-hair-6359320b\",seed=\"1\"} 1",
                "styleclip_job_latent_shift_norm{} 1",
                "styleclip_job_loss_weight{term=\"clip\"} 1",
                "styleclip_job_loss_weight{term=\"id\"} 0.1",
                "styleclip_job_loss_weight{term=\"l2\"} 0.8",
                "styleclip_job_loss{split=\"train\",term=\"clip\"} 0.6",
                "styleclip_job_loss{split=\"train\",term=\"id\"} 0.1",
                "styleclip_job_loss{split=\"train\",term=\"l2\"} 0.02",
                "styleclip_job_loss{split=\"validation\",term=\"clip\"} 0.7",
                "styleclip_job_loss{split=\"validation\",term=\"id\"} 0.25",
                "styleclip_job_loss{split=\"validation\",term=\"l2\"} 0.01",
                "styleclip_job_objective{split=\"train\"} 0.9",
                "styleclip_job_objective{split=\"validation\"} 0.8",
                "styleclip_job_state{state=\"running\"} 1",
                "styleclip_job_steps_target{} 100",
                "styleclip_job_step{} 57",
                "styleclip_job_workers{} 2",
            ],
            Lines(ofJob: true).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_job_that_trains_no_mapper_says_what_it_is_and_has_no_series_of_what_it_does_not_do()
    {
        JobSpec spec = Samples.Job();
        RecipeSpec recipe = spec.Recipe.For(EditMethod.Optimization, budget: 30);
        Train(spec with { Method = EditMethod.Optimization, Recipe = recipe });
        Assert.Superset(
            new HashSet<string>
            {
                "styleclip_checkpoint_every_steps{} 30",
                "styleclip_job_info{device_class=\"\",kind=\"optimization\",mapper=\"\",prompt_slug=\"red-hair-optimization-6359320b\",seed=\"1\"} 1",
                "styleclip_job_loss_weight{term=\"l2\"} 0.008",
                "styleclip_job_steps_target{} 240",
            },
            Lines(ofJob: true).ToHashSet());

        _jobs.Forget(_key);
        _state = new();
        Train(spec with { Prompt = "a-table", Table = new DirectionTableSpec(), Recipe = new RecipeSpec { Name = "table", Steps = 7 } });
        Happen(new JobEvent.Trained(Samples.Lease.Id, Samples.Result() with { Metrics = null, Strip = null, TableRows = 9, TableFeatures = 4 }));
        Happen(new JobEvent.Published(Samples.Artifact, PassesGate: true, null));

        Assert.Equal(
            [
                "styleclip_checkpoint_step{} 100",
                "styleclip_job_info{device_class=\"\",kind=\"table\",mapper=\"\",prompt_slug=\"a-table-table-f7e9e4dc\",seed=\"1\"} 1",
                "styleclip_job_state{state=\"succeeded\"} 1",
                "styleclip_job_steps_target{} 7",
                "styleclip_job_step{} 100",
                "styleclip_job_workers{} 0",
            ],
            Lines(ofJob: true).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Free_generation_weighs_the_clip_term_alone()
    {
        JobSpec spec = Samples.Job();
        RecipeSpec recipe = spec.Recipe with { Optimization = new OptimizationRecipe { Kind = OptimizationKind.Free } };
        Train(spec with { Method = EditMethod.Optimization, Recipe = recipe.For(EditMethod.Optimization, budget: 30) });
        Assert.Superset(
            new HashSet<string>
            {
                "styleclip_job_info{device_class=\"\",kind=\"optimization\",mapper=\"\",prompt_slug=\"red-hair-free-6359320b\",seed=\"1\"} 1",
                "styleclip_job_loss_weight{term=\"clip\"} 1",
                "styleclip_job_loss_weight{term=\"id\"} 0",
                "styleclip_job_loss_weight{term=\"l2\"} 0",
                "styleclip_job_steps_target{} 30",
            },
            Lines(ofJob: true).ToHashSet());
    }

    [Fact]
    public void A_job_that_waits_for_its_first_device_has_no_series()
    {
        Happen(new JobEvent.Submitted(Samples.Job()));

        Assert.Empty(Lines());
    }

    [Fact]
    public void A_job_s_series_end_when_its_grain_moves_and_begin_where_it_arrives()
    {
        Train();

        _jobs.Forget(_key);
        Assert.DoesNotContain(Lines(), line => line.StartsWith("styleclip_job_info", StringComparison.Ordinal));

        _jobs.Found(_key, _state);
        Assert.Contains("styleclip_job_state{state=\"running\"} 1", Lines(ofJob: true));
    }

    [Fact]
    public void An_ended_job_is_shown_for_the_retention_even_when_its_grain_sleeps_and_then_no_more()
    {
        Train();
        Happen(new JobEvent.Trained(Samples.Lease.Id, Samples.Result()), new JobEvent.Published(Samples.Artifact, PassesGate: true, null));
        _jobs.Forget(_key);
        _time.Advance(Retention.AfterEnd);
        Assert.Contains("styleclip_job_state{state=\"succeeded\"} 1", Lines(ofJob: true));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(Lines(ofJob: true)); // what is counted by sweep stays
    }

    [Fact]
    public void A_grain_that_wakes_after_its_job_ended_shows_nothing()
    {
        _jobs.Found(_key, new JobState { Spec = Samples.Job(), Phase = JobPhase.Succeeded, Epoch = 3 });

        Assert.Empty(Lines());
    }

    [Fact]
    public void The_time_from_a_lost_worker_to_the_next_step_is_a_recovery_and_steps_since_the_checkpoint_are_lost()
    {
        Train();
        Happen(new JobEvent.Checkpointed(Samples.Lease.Id, Samples.Artifact, Samples.Checkpoint(50), 1));
        _jobs.Step(_key, Step(57));
        double before = Total("styleclip_recovery_duration_seconds_sum", "kind=\"crash\"");

        Happen(new JobEvent.WorkerFailed(Samples.Lease.Id, FailureKind.NodeLost, "Node n1 is dead."));
        _time.Advance(TimeSpan.FromSeconds(4));
        Happen(new JobEvent.Assigned(Second));
        _time.Advance(TimeSpan.FromSeconds(3));
        _jobs.Step(_key, Step(51));
        _jobs.Step(_key, Step(52));

        Assert.Equal(7, Total("styleclip_recovery_duration_seconds_sum", "kind=\"crash\"") - before);
        Assert.Contains("styleclip_job_lost_steps_total{} 7", Lines());
        Assert.Contains("styleclip_job_restarts_total{reason=\"node_lost\"} 1", Lines());
        Assert.Contains("styleclip_job_restarts_total{reason=\"device\"} 0", Lines());
    }

    [Fact]
    public void A_device_that_joins_interrupts_until_a_step_beyond_the_last_one()
    {
        Train();
        _jobs.Step(_key, Step(10));
        double before = Total("styleclip_recovery_duration_seconds_sum", "kind=\"resize\"");

        Happen(new JobEvent.Joined(Second));
        _time.Advance(TimeSpan.FromSeconds(1));
        _jobs.Step(_key, Step(10)); // said again: the exchange has not begun
        _time.Advance(TimeSpan.FromSeconds(1));
        _jobs.Step(_key, Step(11));

        Assert.Equal(2, Total("styleclip_recovery_duration_seconds_sum", "kind=\"resize\"") - before);
    }

    [Fact]
    public void The_first_step_ends_the_start_delay_and_later_ones_do_not_count()
    {
        double before = Total("styleclip_job_start_delay_seconds_sum");
        Happen(new JobEvent.Submitted(Samples.Job()));
        _time.Advance(TimeSpan.FromSeconds(20));
        Happen(new JobEvent.Assigned(Samples.Lease));
        _jobs.Step(_key, Step(1));
        _time.Advance(TimeSpan.FromSeconds(20));
        _jobs.Step(_key, Step(2));

        Assert.Equal(20, Total("styleclip_job_start_delay_seconds_sum") - before);
    }

    [Theory]
    [InlineData(true, "passed")]
    [InlineData(false, "rejected")]
    public void Publications_and_the_gate_s_verdicts_are_counted(bool passes, string verdict)
    {
        Train();
        Happen(new JobEvent.Trained(Samples.Lease.Id, Samples.Result()));
        _jobs.PublishFailed(_key);
        Happen(new JobEvent.Published(Samples.Artifact, passes, null));

        Assert.Contains($"styleclip_quality_gate_total{{verdict=\"{verdict}\"}} 1", Lines());
        Assert.Contains("styleclip_catalogue_publish_total{result=\"failure\"} 1", Lines());
        Assert.Contains("styleclip_catalogue_publish_total{result=\"success\"} 1", Lines());
    }

    [Fact]
    public void An_ended_sweep_is_shown_for_the_retention_and_one_that_moves_no_more()
    {
        int[] counts = new int[Enum.GetValues<JobPhase>().Length];
        counts[(int)JobPhase.Running] = 1;
        _sweeps.Watch(new SweepId(_key.Sweep), counts);
        Assert.Contains("styleclip_sweep_jobs{state=\"running\"} 1", Lines());
        (counts[(int)JobPhase.Running], counts[(int)JobPhase.Failed]) = (0, 1);
        Assert.Contains("styleclip_sweep_jobs{state=\"failed\"} 1", Lines());
        _sweeps.Forget(new SweepId(_key.Sweep));
        _time.Advance(Retention.AfterEnd);
        Assert.Contains("styleclip_sweep_jobs{state=\"failed\"} 1", Lines());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(Lines());

        _sweeps.Watch(new SweepId(_key.Sweep), [1, .. counts[1..]]);
        _sweeps.Forget(new SweepId(_key.Sweep));
        Assert.Empty(Lines());
    }

    public async ValueTask DisposeAsync()
    {
        await _metrics!.DisposeAsync();
        _http.Dispose();
        _jobs.Dispose();
        _sweeps.Dispose();
    }

    private void Train(JobSpec? spec = null) =>
        Happen(new JobEvent.Submitted(spec ?? Samples.Job(gate: new GateSpec { IdentitySimilarity = 0.5 })), new JobEvent.Assigned(Samples.Lease));

    private void Happen(params JobEvent[] events)
    {
        foreach (JobEvent happened in events)
        {
            JobState previous = _state;
            _state = JobTransitions.Apply(previous, happened);
            Assert.NotSame(previous, _state);
            _jobs.Changed(_key, happened, previous, _state);
        }
    }

    private static StepReport Step(int step) => new()
    {
        Step = step,
        StepsTarget = 100,
        ClipLoss = 0.6,
        IdentityLoss = 0.1,
        LatentL2Loss = 0.02,
        Objective = 0.9,
        GradientNorm = 0.5,
        LearningRate = 0.5,
        Seconds = 0.1,
    };

    // Series of the sweep, or of the job alone, without the labels that say so.
    private string[] Lines(bool ofJob = false)
    {
        string sweep = $"sweep=\"{_key.Sweep}\"", job = $"job=\"{_key.Job}\"";
        return [.. Page()
            .Where(line => line.Labels.Contains(sweep) && (!ofJob || line.Labels.Contains(job)))
            .Select(line => $"{line.Name}{{{string.Join(',', line.Labels.Where(label => label != sweep && !(ofJob && label == job)))}}} {line.Value}")];
    }

    private double Total(string name, params string[] labels) => Page()
        .Where(line => line.Name == name && line.Labels.SequenceEqual(labels))
        .Select(line => double.Parse(line.Value, System.Globalization.CultureInfo.InvariantCulture)).SingleOrDefault();

    // Labels in order, without those that name the library which measured.
    private IEnumerable<(string Name, string[] Labels, string Value)> Page()
    {
        using HttpResponseMessage page = _http.Send(new HttpRequestMessage(HttpMethod.Get, _metrics!.Address), TestContext.Current.CancellationToken);
        using var text = new StreamReader(page.Content.ReadAsStream());
        foreach (string line in text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#') continue;
            string[] labels = [.. Label().Matches(line).Select(label => label.Value).Where(label => !label.StartsWith("otel_scope_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            yield return (line.Split('{', ' ')[0], labels, line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[^1]);
        }
    }

    [GeneratedRegex("[a-z_]+=\"[^\"]*\"")]
    private static partial Regex Label();
}
