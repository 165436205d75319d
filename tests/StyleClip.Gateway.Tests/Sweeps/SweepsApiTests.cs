using System.Net;
using System.Text;
using System.Text.Json;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Problems;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;
using StyleClip.Gateway.Security;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Directions;
using StyleClip.Storage.Packs;

namespace StyleClip.Gateway.Tests.Sweeps;

public sealed class SweepsApiTests(SweepsApiTests.Gateway gateway) : IClassFixture<SweepsApiTests.Gateway>
{
    private readonly HttpClient _client = gateway.Host.Client(ApiRole.Submit);
    private readonly string _name = $"sweep-{Guid.NewGuid():n}"[..20];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_spec_is_the_same_sweep_and_starts_nothing_twice()
    {
        HttpResponseMessage first = await Submit(GatewayHost.Spec(_name));
        SweepSubmission submitted = await first.Read<SweepSubmission>(HttpStatusCode.Created);
        Assert.Equal($"/v1/sweeps/{submitted.Sweep.Id}", first.Headers.Location?.ToString());
        Assert.Equal((true, 2, 2), (submitted.Created, submitted.JobsStarted, submitted.Sweep.Jobs.Values.Sum()));

        SweepSubmission again = await (await Submit(GatewayHost.Spec(_name) + "\n# the same, with a remark\n")).Read<SweepSubmission>();
        Assert.Equal((submitted.Sweep.Id, false, 0), (again.Sweep.Id, again.Created, again.JobsStarted));
    }

    [Fact]
    public async Task Json_is_read_as_yaml_is()
    {
        SweepSubmission yaml = await (await Submit(GatewayHost.Spec(_name))).Read<SweepSubmission>(HttpStatusCode.Created);
        string spec = JsonSerializer.Serialize(new { name = _name, pack = SamplePack.Name, recipe = "default", prompts = new[] { "red hair", "a smile" } });
        using var body = new StringContent(spec, Encoding.UTF8, "application/json");
        SweepSubmission json = await (await _client.PostAsync("/v1/sweeps", body, Ct)).Read<SweepSubmission>();
        Assert.Equal(yaml.Sweep.Id, json.Sweep.Id);
    }

    [Fact]
    public async Task An_outline_names_the_jobs_and_submits_nothing()
    {
        SweepOutline outline = await (await _client.PostAsync("/v1/sweeps/outline", GatewayHost.Yaml(GatewayHost.Spec(_name)), Ct)).Read<SweepOutline>();
        Assert.False(outline.Exists);
        await (await _client.GetAsync($"/v1/sweeps/{outline.Id}", Ct)).ReadProblem(HttpStatusCode.NotFound, ProblemTypes.NotFound);

        SweepSubmission submitted = await (await Submit(GatewayHost.Spec(_name))).Read<SweepSubmission>(HttpStatusCode.Created);
        SweepStatus status = await (await _client.GetAsync($"/v1/sweeps/{submitted.Sweep.Id}", Ct)).Read<SweepStatus>();
        Assert.Equal(outline.Jobs.Select(job => job.Id), status.Jobs.Select(job => job.Id));
    }

    [Fact]
    public async Task A_spec_may_name_a_method_for_each_prompt_and_tables()
    {
        string spec = $$"""
            name: {{_name}}
            pack: {{SamplePack.Name}}
            recipe: default
            prompts: [red hair, {text: red hair, neutral: a smile, method: direction}, {text: red hair, method: optimization}]
            tables: [{name: small, images: 4}]
            """;
        SweepOutline outline = await (await _client.PostAsync("/v1/sweeps/outline", GatewayHost.Yaml(spec), Ct)).Read<SweepOutline>();
        Assert.Equal([null, null, EditMethod.Direction, EditMethod.Optimization], outline.Jobs.Select(job => job.Method));
        Assert.Equal(("small", 4, 7), (outline.Jobs[0].Prompt, outline.Jobs[0].Table!.Images, outline.Jobs[0].Steps));

        Problem problem = await (await Submit(spec.Replace("images: 4", "lastLayer: 11", StringComparison.Ordinal))).ReadProblem(HttpStatusCode.UnprocessableEntity, ProblemTypes.InvalidSpec);
        Assert.Equal("must be a style layer of the pack's generator, 0 to 10", Assert.Single(problem.Mistakes!).Rule);
    }

    [Fact]
    public async Task A_table_under_the_name_of_a_published_one_of_other_options_is_refused_before_anything_starts()
    {
        await PublishTable("taken", new DirectionTableSpec { Images = 4 });

        string spec = $"name: {_name}\npack: {SamplePack.Name}\ntables: [{{name: taken, images: 5}}]\n";
        Problem problem = await (await Submit(spec)).ReadProblem(HttpStatusCode.UnprocessableEntity, ProblemTypes.InvalidSpec);
        SpecMistake mistake = Assert.Single(problem.Mistakes!);
        Assert.Equal((3, "tables[0].name", "taken"), (mistake.Line, mistake.Path, mistake.Value));
        Assert.StartsWith("must be another name", mistake.Rule, StringComparison.Ordinal);

        Assert.True((await (await Submit(spec.Replace("images: 5", "images: 4", StringComparison.Ordinal))).Read<SweepSubmission>(HttpStatusCode.Created)).Created);
    }

    [Fact]
    public async Task Every_mistake_is_listed_with_line_path_value_and_rule()
    {
        HttpResponseMessage answer = await Submit("name: Not A Name\npack: elsewhere\nrecipe: ./mine.yaml\nprompts: []\nsurprise: 1\n");
        Problem problem = await answer.ReadProblem(HttpStatusCode.UnprocessableEntity, ProblemTypes.InvalidSpec);
        Assert.Equal([(1, "name"), (2, "pack"), (3, "recipe"), (4, "prompts"), (5, "surprise")], problem.Mistakes!.Select(mistake => (mistake.Line, mistake.Path)));
        Assert.Contains("sample", problem.Mistakes![1].Rule, StringComparison.Ordinal);
        Assert.Equal("elsewhere", problem.Mistakes![1].Value);
    }

    [Fact]
    public async Task A_text_that_the_pack_does_not_understand_is_refused()
    {
        HttpResponseMessage answer = await Submit(GatewayHost.Spec(_name, prompts: ["red hair", "purple hair"]));
        Problem problem = await answer.ReadProblem(HttpStatusCode.UnprocessableEntity, ProblemTypes.InvalidSpec);
        Assert.Equal("prompts[1]", Assert.Single(problem.Mistakes!).Path);
    }

    [Theory]
    [InlineData("text/plain", "name: x", HttpStatusCode.UnsupportedMediaType, ProblemTypes.UnsupportedMediaType)]
    [InlineData("application/yaml", "\u00ff", HttpStatusCode.BadRequest, ProblemTypes.InvalidRequest)]
    public async Task A_body_that_is_no_spec_is_refused(string mediaType, string content, HttpStatusCode status, string type)
    {
        using var body = new ByteArrayContent(Encoding.Latin1.GetBytes(content));
        body.Headers.ContentType = new(mediaType);
        await (await _client.PostAsync("/v1/sweeps", body, Ct)).ReadProblem(status, type);
    }

    [Fact]
    public async Task A_spec_that_is_too_large_is_refused()
    {
        HttpResponseMessage answer = await Submit("# " + new string('x', 1_000_001));
        await answer.ReadProblem(HttpStatusCode.RequestEntityTooLarge, ProblemTypes.TooLarge);
    }

    [Fact]
    public async Task A_list_of_sweeps_is_read_page_by_page()
    {
        foreach (string name in new[] { "zz-a", "zz-b", "zz-c" }) await (await Submit(GatewayHost.Spec(name))).Read<SweepSubmission>(HttpStatusCode.Created);
        SweepPage first = await (await _client.GetAsync("/v1/sweeps?limit=2&after=zz", Ct)).Read<SweepPage>();
        Assert.Equal(["zz-a", "zz-b"], first.Items.Select(sweep => sweep.Name));
        SweepPage second = await (await _client.GetAsync($"/v1/sweeps?limit=2&after={first.Next}", Ct)).Read<SweepPage>();
        Assert.Equal(["zz-c"], second.Items.Select(sweep => sweep.Name));
        Assert.Null(second.Next);
        await (await _client.GetAsync("/v1/sweeps?limit=0", Ct)).ReadProblem(HttpStatusCode.BadRequest, ProblemTypes.InvalidRequest);
    }

    [Fact]
    public async Task A_sweep_is_paused_resumed_and_cancelled()
    {
        SweepId id = (await (await Submit(GatewayHost.Spec(_name))).Read<SweepSubmission>(HttpStatusCode.Created)).Sweep.Id;

        SweepSummary pausing = await (await _client.PostAsync($"/v1/sweeps/{id}/pause", null, Ct)).Read<SweepSummary>();
        Assert.Contains(pausing.Phase, new[] { SweepPhase.Pausing, SweepPhase.Paused });
        await Follow(id);
        SweepSubmission again = await (await Submit(GatewayHost.Spec(_name))).Read<SweepSubmission>();
        Assert.Equal((2, SweepPhase.Running), (again.JobsStarted, again.Sweep.Phase));

        await (await _client.PostAsync($"/v1/sweeps/{id}/pause", null, Ct)).Read<SweepSummary>();
        await Follow(id);
        Assert.Equal(SweepPhase.Running, (await (await _client.PostAsync($"/v1/sweeps/{id}/resume", null, Ct)).Read<SweepSummary>()).Phase);
        SweepSummary cancelled = await (await _client.PostAsync($"/v1/sweeps/{id}/cancel", null, Ct)).Read<SweepSummary>();
        Assert.Equal((SweepPhase.Ended, 2), (cancelled.Phase, cancelled.Jobs[JobPhase.Cancelled]));
    }

    [Theory]
    [InlineData("/v1/sweeps/nothing-01234567")]
    [InlineData("/v1/sweeps/nothing-01234567/events")]
    [InlineData("/v1/sweeps/..%2f..%2fgateway%2fapi-keys")]
    [InlineData("/v1/sweeps/%2e%2e%2fjob")]
    [InlineData("/v1/sweeps/UPPER")]
    [InlineData("/v1/sweeps/a/jobs/..%5c..")]
    [InlineData("/v1/catalogue/..%2f..%2fgrains")]
    [InlineData("/v1/artifacts/..%2f..%2fetc%2fpasswd")]
    [InlineData("/v2/sweeps")]
    public async Task What_does_not_exist_and_what_is_no_name_is_not_found(string address) =>
        await (await _client.GetAsync(address, Ct)).ReadProblem(HttpStatusCode.NotFound, ProblemTypes.NotFound);

    [Fact]
    public async Task A_job_is_shown_with_its_log_and_cancelled_alone()
    {
        SweepId id = (await (await Submit(GatewayHost.Spec(_name))).Read<SweepSubmission>(HttpStatusCode.Created)).Sweep.Id;
        SweepStatus status = await (await _client.GetAsync($"/v1/sweeps/{id}", Ct)).Read<SweepStatus>();
        string address = $"/v1/sweeps/{id}/jobs/{status.Jobs[1].Id}";
        Assert.Equal("a smile", (await (await _client.GetAsync(address, Ct)).Read<JobStatus>()).Prompt);
        Assert.NotEmpty(await (await _client.GetAsync($"/v1/sweeps/{id}/jobs/{status.Jobs[0].Id}/log", Ct)).Read<JobLogEntry[]>());
        Assert.Equal(JobPhase.Cancelled, (await (await _client.PostAsync(address + "/cancel", null, Ct)).Read<JobStatus>()).Phase);
        SweepStatus after = await (await _client.GetAsync($"/v1/sweeps/{id}", Ct)).Read<SweepStatus>();
        Assert.NotEqual(JobPhase.Cancelled, after.Jobs[0].Phase);
        await (await _client.GetAsync($"/v1/sweeps/{id}/jobs/0123456789abcdef", Ct)).ReadProblem(HttpStatusCode.NotFound, ProblemTypes.NotFound);
    }

    private Task<HttpResponseMessage> Submit(string spec) => _client.PostAsync("/v1/sweeps", GatewayHost.Yaml(spec), Ct);

    private async Task PublishTable(string name, DirectionTableSpec spec)
    {
        IArtifactStore store = gateway.Host.Store;
        Digest pack = (await new PackLibrary(store).Find(SamplePack.Name, Ct))!.Value;
        await new DirectionLibrary(store).Publish(
            new DirectionTableCard
            {
                Name = name,
                Pack = new CardPack(SamplePack.Name, pack, "MIT", new Dictionary<string, Digest>()),
                Table = await store.Put(Encoding.UTF8.GetBytes(name), MediaTypes.Safetensors, Ct),
                Rows = 1,
                Features = 8,
                Spec = spec,
            },
            Ct);
    }

    // The stream of events ends when the sweep stands still.
    private async Task Follow(SweepId id) => Assert.Contains("event: end", await _client.GetStringAsync($"/v1/sweeps/{id}/events", Ct), StringComparison.Ordinal);

    public sealed class Gateway : IAsyncLifetime
    {
        internal GatewayHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await GatewayHost.Start(GatewayHost.UntilStopped, devices: 1);

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
