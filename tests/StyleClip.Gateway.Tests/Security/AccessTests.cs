using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using StyleClip.Contracts.Problems;
using StyleClip.Gateway.Security;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Gateway.Tests.Security;

public sealed class AccessTests(AccessTests.Gateway gateway) : IClassFixture<AccessTests.Gateway>
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Every endpoint with the least role that may call it; the first test sees to it that none is missing.</summary>
    public static TheoryData<string, string, ApiRole> Endpoints => new()
    {
        { "GET", "/v1/sweeps", ApiRole.Read },
        { "POST", "/v1/sweeps", ApiRole.Submit },
        { "POST", "/v1/sweeps/outline", ApiRole.Read },
        { "GET", "/v1/sweeps/{sweep}", ApiRole.Read },
        { "GET", "/v1/sweeps/{sweep}/events", ApiRole.Read },
        { "POST", "/v1/sweeps/{sweep}/pause", ApiRole.Submit },
        { "POST", "/v1/sweeps/{sweep}/resume", ApiRole.Submit },
        { "POST", "/v1/sweeps/{sweep}/cancel", ApiRole.Submit },
        { "GET", "/v1/sweeps/{sweep}/jobs/{job}", ApiRole.Read },
        { "GET", "/v1/sweeps/{sweep}/jobs/{job}/log", ApiRole.Read },
        { "POST", "/v1/sweeps/{sweep}/jobs/{job}/pause", ApiRole.Submit },
        { "POST", "/v1/sweeps/{sweep}/jobs/{job}/resume", ApiRole.Submit },
        { "POST", "/v1/sweeps/{sweep}/jobs/{job}/cancel", ApiRole.Submit },
        { "GET", "/v1/nodes", ApiRole.Read },
        { "POST", "/v1/nodes/{node}/cordon", ApiRole.Admin },
        { "POST", "/v1/nodes/{node}/uncordon", ApiRole.Admin },
        { "POST", "/v1/nodes/{node}/drain", ApiRole.Admin },
        { "GET", "/v1/catalogue", ApiRole.Read },
        { "GET", "/v1/catalogue/{slug}", ApiRole.Read },
        { "HEAD", "/v1/catalogue/{slug}", ApiRole.Read },
        { "GET", "/v1/catalogue/{slug}/versions/{number}", ApiRole.Read },
        { "HEAD", "/v1/catalogue/{slug}/versions/{number}", ApiRole.Read },
        { "GET", "/v1/catalogue/{slug}/versions/latest", ApiRole.Read },
        { "HEAD", "/v1/catalogue/{slug}/versions/latest", ApiRole.Read },
        { "GET", "/v1/catalogue/digests/{digest}", ApiRole.Read },
        { "HEAD", "/v1/catalogue/digests/{digest}", ApiRole.Read },
        { "GET", "/v1/artifacts/{digest}", ApiRole.Read },
        { "HEAD", "/v1/artifacts/{digest}", ApiRole.Read },
        { "PUT", "/v1/artifacts/{digest}", ApiRole.Submit },
        { "GET", "/v1/packs", ApiRole.Read },
    };

    [Fact]
    public async Task Every_endpoint_is_in_the_list()
    {
        string description = await gateway.Host.Client(ApiRole.Read).GetStringAsync("/openapi/v1.json", Ct);
        IEnumerable<string> described = JsonDocument.Parse(description).RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"));
        IEnumerable<string> listed = Endpoints.Select(row => $"{row.Data.Item1} {row.Data.Item2}");
        Assert.Equal(described.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task An_endpoint_answers_its_role_and_higher_ones_only(string method, string path, ApiRole least)
    {
        await Refused(method, path, key: null);
        await Refused(method, path, gateway.Host.Key(ApiRole.Admin)[..^1] + "x");
        foreach (ApiRole role in Enum.GetValues<ApiRole>())
        {
            using HttpResponseMessage answer = await Call(method, path, gateway.Host.Key(role));
            if (role < least) Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            else Assert.DoesNotContain(answer.StatusCode, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.InternalServerError });
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v1/nothing")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/metrics")]
    public async Task What_is_no_endpoint_tells_strangers_nothing_either(string path) => await Refused("GET", path, key: null);

    [Theory]
    [InlineData("/alive")]
    [InlineData("/health")]
    public async Task Health_needs_no_key(string path)
    {
        using HttpResponseMessage answer = await Call("GET", path, key: null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Refusals_are_problem_details()
    {
        HttpResponseMessage unauthenticated = await Call("GET", "/v1/sweeps", key: null);
        await unauthenticated.ReadProblem(HttpStatusCode.Unauthorized, ProblemTypes.Unauthenticated);
        Assert.Equal("Bearer", unauthenticated.Headers.WwwAuthenticate.ToString());
        await (await Call("POST", "/v1/nodes/n1/drain", gateway.Host.Key(ApiRole.Read))).ReadProblem(HttpStatusCode.Forbidden, ProblemTypes.Forbidden);
        await (await Call("DELETE", "/v1/sweeps", gateway.Host.Key(ApiRole.Read))).ReadProblem(HttpStatusCode.MethodNotAllowed, ProblemTypes.MethodNotAllowed);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_within_seconds_and_an_expired_one_at_once()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var book = new ApiKeyBook(gateway.Host.Store, time);
        using var check = new ApiKeyCheck(book, time, Microsoft.Extensions.Logging.Abstractions.NullLogger<ApiKeyCheck>.Instance);
        (ApiKey revoked, string revokedText) = await book.Create("a", ApiRole.Read, lifetime: null, Ct);
        (_, string expiringText) = await book.Create("b", ApiRole.Read, TimeSpan.FromSeconds(2), Ct);
        Assert.NotNull(await check.Find(revokedText, Ct));
        Assert.NotNull(await check.Find(expiringText, Ct));

        Assert.True(await book.Revoke(revoked.Prefix, Ct));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await check.Find(expiringText, Ct));
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Null(await check.Find(revokedText, Ct));
        Assert.False(await book.Revoke("sck_00000000", Ct));
    }

    [Fact]
    public async Task A_new_key_is_accepted_at_once()
    {
        await Refused("GET", "/v1/packs", "sck_00000000_" + new string('A', 43));
        (_, string text) = await gateway.Host.Keys.Create("late", ApiRole.Read, lifetime: null, Ct);
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System, Ct); // the list is read at most once a second
        using HttpResponseMessage answer = await Call("GET", "/v1/packs", text);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_store_holds_no_secret()
    {
        string text = gateway.Host.Key(ApiRole.Admin);
        string[] files = Directory.GetFiles(Path.Combine(gateway.Host.Folder, "documents"), "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.Contains("api-keys", StringComparison.Ordinal));
        foreach (string file in files) Assert.DoesNotContain(text[13..], Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Ct)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_the_gateway_stays_on_this_machine()
    {
        string folder = Directory.CreateTempSubdirectory("styleclip-gateway-").FullName;
        using var store = new DirectoryArtifactStore(folder);
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => GatewayServer.Start(new GatewayOptions { Listen = IPAddress.Any, Port = 0 }, store, _ => { }, Ct));
        Assert.Contains("styleclip key create", refused.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private async Task Refused(string method, string path, string? key)
    {
        using HttpResponseMessage answer = await Call(method, path, key);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private Task<HttpResponseMessage> Call(string method, string path, string? key)
    {
        string address = path.Replace("{digest}", Digest, StringComparison.Ordinal).Replace("{number}", "1", StringComparison.Ordinal)
            .Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
        var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (method == "PUT") request.Content = new ByteArrayContent([]);
        return gateway.Host.Client(key).SendAsync(request, Ct);
    }

    public sealed class Gateway : IAsyncLifetime
    {
        internal GatewayHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await GatewayHost.Start();

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
