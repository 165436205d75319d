using System.Net;
using System.Net.Http.Headers;
using System.Text;
using StyleClip.Cluster.Tests;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Problems;
using StyleClip.Contracts.Sweeps;
using StyleClip.Gateway.Security;
using Mappers = StyleClip.Storage.Catalogue.Catalogue;

namespace StyleClip.Gateway.Tests.Catalogue;

public sealed class CatalogueApiTests(CatalogueApiTests.Gateway gateway) : IClassFixture<CatalogueApiTests.Gateway>, IAsyncLifetime
{
    private static readonly byte[] Mapper = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];
    private static readonly byte[] Strip = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    private readonly GatewayHost _host = gateway.Host;
    private readonly HttpClient _client = gateway.Host.Client(ApiRole.Read);
    private CatalogueEntry _entry = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _entry = await Publish("a smile", Mapper);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_entry_is_named_for_seconds_and_its_versions_for_ever()
    {
        HttpResponseMessage entry = await _client.GetAsync($"/v1/catalogue/{_entry.Slug}", Ct);
        Assert.Equal(_entry.Versions[0], (await entry.Read<CatalogueEntry>()).Versions[0]);
        Assert.Equal(TimeSpan.FromSeconds(5), entry.Headers.CacheControl?.MaxAge);

        foreach (string address in new[] { $"/v1/catalogue/{_entry.Slug}/versions/1", $"/v1/catalogue/digests/{_entry.Versions[0].Mapper.Digest}", $"/v1/catalogue/digests/{_entry.Versions[0].Card.Digest}" })
        {
            HttpResponseMessage card = await _client.GetAsync(address, Ct);
            byte[] bytes = await card.Content.ReadAsByteArrayAsync(Ct);
            Assert.Equal(_entry.Versions[0].Card.Digest, Digest.Of(bytes));
            Assert.Equal($"\"{_entry.Versions[0].Card.Digest}\"", card.Headers.ETag?.Tag);
            Assert.Contains("immutable", card.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }

        HttpResponseMessage latest = await _client.GetAsync($"/v1/catalogue/{_entry.Slug}/versions/latest", Ct);
        Assert.Equal(TimeSpan.FromSeconds(5), latest.Headers.CacheControl?.MaxAge);
        await (await _client.GetAsync($"/v1/catalogue/{_entry.Slug}/versions/2", Ct)).ReadProblem(HttpStatusCode.NotFound, ProblemTypes.NotFound);
        await (await _client.GetAsync($"/v1/catalogue/digests/{Digest.Of("none"u8)}", Ct)).ReadProblem(HttpStatusCode.NotFound, ProblemTypes.NotFound);
    }

    [Theory]
    [InlineData("/v1/catalogue/{0}")]
    [InlineData("/v1/catalogue/{0}/versions/1")]
    [InlineData("/v1/artifacts/{1}")]
    public async Task Who_has_the_bytes_is_told_so(string pattern)
    {
        string address = Address(pattern);
        HttpResponseMessage first = await _client.GetAsync(address, Ct);
        using var again = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        HttpResponseMessage second = await _client.SendAsync(again, Ct);
        Assert.Equal((HttpStatusCode.NotModified, 0), (second.StatusCode, (await second.Content.ReadAsByteArrayAsync(Ct)).Length));
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);

        using var other = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { new EntityTagHeaderValue("\"sha256:0\"") } } };
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(other, Ct)).StatusCode);
    }

    [Fact]
    public async Task An_artifact_comes_with_its_digest_and_in_parts()
    {
        string address = Address("/v1/artifacts/{1}");
        HttpResponseMessage whole = await _client.GetAsync(address, Ct);
        Assert.Equal(Mapper, await whole.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal("bytes", whole.Headers.AcceptRanges.ToString());
        byte[] hash = Convert.FromHexString(Digest.Of(Mapper).Hex);
        Assert.Equal($"sha-256=:{Convert.ToBase64String(hash)}:", Assert.Single(whole.Headers.GetValues("Repr-Digest")));
        Assert.Equal("nosniff", Assert.Single(whole.Headers.GetValues("X-Content-Type-Options")));

        using var range = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(99_000, null) } };
        HttpResponseMessage part = await _client.SendAsync(range, Ct);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(Mapper[99_000..], await part.Content.ReadAsByteArrayAsync(Ct));

        using var beyond = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(100_000, null) } };
        await (await _client.SendAsync(beyond, Ct)).ReadProblem(HttpStatusCode.RequestedRangeNotSatisfiable, ProblemTypes.RangeNotSatisfiable);

        using var changed = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(5, 9), IfRange = new RangeConditionHeaderValue("\"other\"") } };
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(changed, Ct)).StatusCode);

        using var head = new HttpRequestMessage(HttpMethod.Head, address);
        HttpResponseMessage described = await _client.SendAsync(head, Ct);
        Assert.Equal((HttpStatusCode.OK, Mapper.Length, 0), (described.StatusCode, described.Content.Headers.ContentLength, (await described.Content.ReadAsByteArrayAsync(Ct)).Length));
    }

    [Fact]
    public async Task A_picture_is_served_as_one_and_anything_else_as_bytes()
    {
        Assert.Equal("image/png", (await _client.GetAsync($"/v1/artifacts/{_entry.Versions[0].Strip.Digest}", Ct)).Content.Headers.ContentType?.MediaType);
        ArtifactRef page = await _host.Store.Put("<script>alert(1)</script>"u8.ToArray(), MediaTypes.Binary, Ct);
        Assert.Equal("application/octet-stream", (await _client.GetAsync($"/v1/artifacts/{page.Digest}", Ct)).Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_catalogue_is_read_page_by_page()
    {
        await Publish("b", [1]);
        await Publish("c", [2]);
        CataloguePage first = await (await _client.GetAsync("/v1/catalogue?limit=2", Ct)).Read<CataloguePage>();
        CataloguePage second = await (await _client.GetAsync($"/v1/catalogue?limit=2&after={first.Next}", Ct)).Read<CataloguePage>();
        Assert.Equal(["a smile", "b", "c"], first.Items.Concat(second.Items).Select(entry => entry.Prompt));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task An_upload_is_stored_once_and_only_as_what_it_says_it_is()
    {
        HttpClient submitter = _host.Client(ApiRole.Submit);
        byte[] latents = Safetensors(1);
        string address = $"/v1/artifacts/{Digest.Of(latents)}";
        ArtifactRef stored = await (await submitter.PutAsync(address, new ByteArrayContent(latents), Ct)).Read<ArtifactRef>(HttpStatusCode.Created);
        Assert.Equal((Digest.Of(latents), latents.Length), (stored.Digest, (int)stored.SizeBytes));
        await (await submitter.PutAsync(address, new ByteArrayContent(latents), Ct)).Read<ArtifactRef>();

        byte[] others = [.. latents, 1];
        await (await submitter.PutAsync($"/v1/artifacts/{Digest.Of("else"u8)}", new ByteArrayContent(others), Ct)).ReadProblem(HttpStatusCode.UnprocessableEntity, ProblemTypes.InvalidArtifact);
        Assert.False(await _host.Store.Exists(Digest.Of(others), Ct));

        byte[] pickle = "\x80\x02}q\x00."u8.ToArray();
        Problem refused = await (await submitter.PutAsync($"/v1/artifacts/{Digest.Of(pickle)}", new ByteArrayContent(pickle), Ct)).ReadProblem(HttpStatusCode.UnprocessableEntity, ProblemTypes.InvalidArtifact);
        Assert.Contains("safetensors", refused.Detail, StringComparison.Ordinal);
        Assert.False(await _host.Store.Exists(Digest.Of(pickle), Ct));
    }

    [Fact]
    public async Task An_upload_beyond_the_limit_is_refused()
    {
        await using GatewayHost host = await GatewayHost.Start(options: new GatewayOptions { Port = 0, MaxUploadBytes = 1000 });
        byte[] large = new byte[1001];
        await (await host.Client(ApiRole.Submit).PutAsync($"/v1/artifacts/{Digest.Of(large)}", new ByteArrayContent(large), Ct)).ReadProblem(HttpStatusCode.RequestEntityTooLarge, ProblemTypes.TooLarge);
    }

    [Fact]
    public async Task A_sweep_trains_on_uploaded_latents_whatever_path_its_spec_names()
    {
        HttpClient submitter = _host.Client(ApiRole.Submit);
        byte[] latents = Safetensors(2);
        var digest = Digest.Of(latents);
        string byPath = GatewayHost.Spec() + "\nbank: { source: file, path: ./faces.safetensors, validation: 2 }\n";
        Problem missing = await (await submitter.PostAsync("/v1/sweeps", GatewayHost.Yaml(byPath), Ct)).ReadProblem(HttpStatusCode.UnprocessableEntity, ProblemTypes.InvalidSpec);
        Assert.Equal("bank.path", Assert.Single(missing.Mistakes!).Path);
        await (await submitter.PostAsync($"/v1/sweeps?latents={digest}", GatewayHost.Yaml(byPath), Ct)).ReadProblem(HttpStatusCode.UnprocessableEntity, ProblemTypes.InvalidSpec);

        await (await submitter.PutAsync($"/v1/artifacts/{digest}", new ByteArrayContent(latents), Ct)).Read<ArtifactRef>(HttpStatusCode.Created);
        SweepSubmission submitted = await (await submitter.PostAsync($"/v1/sweeps?latents={digest}", GatewayHost.Yaml(byPath), Ct)).Read<SweepSubmission>(HttpStatusCode.Created);
        string byDigest = GatewayHost.Spec() + $"\nbank: {{ source: file, path: '{digest}', validation: 2 }}\n";
        SweepSubmission again = await (await submitter.PostAsync("/v1/sweeps", GatewayHost.Yaml(byDigest), Ct)).Read<SweepSubmission>();
        Assert.Equal(submitted.Sweep.Id, again.Sweep.Id);
    }

    private string Address(string pattern) => string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, _entry.Slug, _entry.Versions[0].Mapper.Digest);

    private static byte[] Safetensors(byte value)
    {
        byte[] header = Encoding.UTF8.GetBytes("""{"latents":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}""");
        return [.. BitConverter.GetBytes((long)header.Length), .. header, value, 0, 0, 0];
    }

    private async Task<CatalogueEntry> Publish(string prompt, byte[] mapper)
    {
        JobSpec job = Samples.Job(prompt);
        return await new Mappers(_host.Store).Publish(
            new MapperCard
            {
                Slug = Slug.Of(prompt),
                Prompt = prompt,
                Job = JobId.Of(job),
                Mapper = await _host.Store.Put(mapper, MediaTypes.Safetensors, Ct),
                Strip = await _host.Store.Put(Strip, MediaTypes.Png, Ct),
                Pack = new CardPack(SamplePack.Name, job.Pack, "MIT", new Dictionary<string, Digest>()),
                Recipe = job.Recipe,
                Bank = job.Bank,
                Seed = job.Seed,
                Steps = 100,
                Metrics = Samples.Validation(100),
                Gate = job.Gate,
                PassesGate = true,
                DeviceKind = "cpu-test",
                Build = "test",
            },
            Ct);
    }

    public sealed class Gateway : IAsyncLifetime
    {
        internal GatewayHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await GatewayHost.Start();

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
