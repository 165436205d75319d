using System.Net.Http.Headers;
using StyleClip.Client.Library;
using StyleClip.Cluster.Tests;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Gateway.Security;
using StyleClip.Gateway.Tests;
using Mappers = StyleClip.Storage.Catalogue.Catalogue;

namespace StyleClip.Client.Tests.Library;

public sealed class MapperLibraryTests(MapperLibraryTests.Published published) : IClassFixture<MapperLibraryTests.Published>, IDisposable
{
    private readonly FaultyNetwork _network = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-library-").FullName;
    private StyleClipClient? _client;

    public enum Spoiling
    {
        Flipped,
        Truncated,
        Lengthened,
        Replaced,
        Emptied,
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private StyleClipClient Client => _client ??= new StyleClipClient(
        published.Host.Server.Address, published.Host.Key(ApiRole.Read), new StyleClipClientOptions { Handler = _network, Time = new HurriedTime() });

    private MapperLibrary Library => Client.OpenLibrary(_folder);

    public void Dispose()
    {
        _client?.Dispose();
        _network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_mapper_is_pulled_once_and_asked_for_by_name_alone_afterwards()
    {
        PulledMapper pulled = await Library.Pull(published.Slug, cancellationToken: Ct);
        Assert.Equal(published.Mapper, await File.ReadAllBytesAsync(pulled.MapperPath, Ct));
        Assert.Equal(published.Card.Digest, Digest.Of(await File.ReadAllBytesAsync(pulled.CardPath, Ct)));
        Assert.Equal("a smile", pulled.Card.Prompt);

        _network.Forget();
        await Library.Pull(published.Slug, version: 1, Ct);
        Assert.Equal([$"GET /v1/catalogue/{published.Slug} 304"], _network.Seen);
    }

    [Theory]
    [CombinatorialSpoilings]
    public async Task A_file_that_is_not_what_the_catalogue_names_never_becomes_visible(Spoiling spoiling, string file)
    {
        Digest target = file switch { "card" => published.Card.Digest, "strip" => published.StripDigest, _ => Digest.Of(published.Mapper) };
        _network.Body = (request, body) => request.RequestUri!.AbsolutePath.EndsWith(target.Hex, StringComparison.Ordinal) ? Spoil(spoiling, body) : null;
        ArtifactRejectedException rejected = await Assert.ThrowsAsync<ArtifactRejectedException>(() => Library.Pull(published.Slug, cancellationToken: Ct));
        Assert.Equal(target, rejected.Artifact);
        Assert.DoesNotContain(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories), path => Path.GetFileName(path) == target.Hex);

        _network.Body = (_, _) => null;
        Assert.Equal(published.Mapper, await File.ReadAllBytesAsync((await Library.Pull(published.Slug, cancellationToken: Ct)).MapperPath, Ct));
    }

    [Fact]
    public async Task A_pull_goes_on_where_the_connection_broke()
    {
        int cuts = 0;
        string path = $"/v1/artifacts/{Digest.Of(published.Mapper)}";
        _network.Body = (request, body) => request.RequestUri!.AbsolutePath == path && cuts++ < 3 ? new CutStream(new MemoryStream(body), 30_000) : null;
        PulledMapper pulled = await Library.Pull(published.Slug, cancellationToken: Ct);
        Assert.Equal(published.Mapper, await File.ReadAllBytesAsync(pulled.MapperPath, Ct));
        Assert.Equal([null, 30_000, 60_000, 90_000], _network.Ranges(path).Select(range => range?.Ranges.Single().From));
    }

    [Fact]
    public async Task A_pull_goes_on_where_another_process_gave_up()
    {
        Digest digest = Digest.Of(published.Mapper);
        await WritePart(digest, published.Mapper[..70_000]);
        await Library.Pull(published.Slug, cancellationToken: Ct);
        Assert.Equal(new RangeHeaderValue(70_000, null), Assert.Single(_network.Ranges($"/v1/artifacts/{digest}")));
    }

    [Theory]
    [InlineData(50_000)]
    [InlineData(100_000)]
    [InlineData(200_000)]
    public async Task What_an_earlier_pull_left_damaged_is_thrown_away(int length)
    {
        await WritePart(Digest.Of(published.Mapper), new byte[length]);
        PulledMapper pulled = await Library.Pull(published.Slug, cancellationToken: Ct);
        Assert.Equal(published.Mapper, await File.ReadAllBytesAsync(pulled.MapperPath, Ct));
    }

    [Fact]
    public async Task A_gateway_that_breaks_off_again_and_again_is_given_up()
    {
        string path = $"/v1/artifacts/{Digest.Of(published.Mapper)}";
        _network.Body = (request, body) => request.RequestUri!.AbsolutePath == path ? new CutStream(new MemoryStream(body), 0) : null;
        await Assert.ThrowsAsync<GatewayUnreachableException>(() => Library.Pull(published.Slug, cancellationToken: Ct));
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_one_pull()
    {
        MapperLibrary library = Library;
        PulledMapper[] pulled = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => library.Pull(published.Slug, cancellationToken: Ct))));
        Assert.Single(pulled.Select(mapper => mapper.MapperPath).Distinct());
        Assert.Single(_network.Seen, seen => seen.Contains(Digest.Of(published.Mapper).Hex, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Libraries_on_one_folder_share_what_they_pull()
    {
        using var network = new FaultyNetwork();
        using var other = new StyleClipClient(published.Host.Server.Address, published.Host.Key(ApiRole.Read), new StyleClipClientOptions { Handler = network });
        await Task.WhenAll(Library.Pull(published.Slug, cancellationToken: Ct), other.OpenLibrary(_folder).Pull(published.Slug, cancellationToken: Ct));
        Assert.Single(_network.Seen.Concat(network.Seen), seen => seen.Contains(Digest.Of(published.Mapper).Hex, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_who_gives_up_does_not_end_the_pull_for_the_others()
    {
        using var impatient = new CancellationTokenSource();
        var reached = new TaskCompletionSource();
        string path = $"/v1/artifacts/{Digest.Of(published.Mapper)}";
        int asked = 0;
        _network.Body = (request, body) =>
        {
            if (request.RequestUri!.AbsolutePath != path || asked++ > 0) return null;
            reached.SetResult();
            return new EndlessStream();
        };
        MapperLibrary library = Library;
        Task<PulledMapper> first = library.Pull(published.Slug, cancellationToken: impatient.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Task<PulledMapper> second = library.Pull(published.Slug, cancellationToken: Ct);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(published.Mapper, await File.ReadAllBytesAsync((await second).MapperPath, Ct));
    }

    [Fact]
    public async Task Offline_the_library_uses_what_it_has_and_says_what_it_has_not()
    {
        await Library.Pull(published.Slug, cancellationToken: Ct);
        _network.Forget();
        MapperLibrary offline = Client.OpenLibrary(_folder, offline: true);
        PulledMapper pulled = await offline.Pull(published.Slug, cancellationToken: Ct);
        Assert.Equal(published.Mapper, await File.ReadAllBytesAsync(pulled.MapperPath, Ct));
        await Assert.ThrowsAsync<NotCachedException>(() => offline.Pull("something-else", cancellationToken: Ct));
        Assert.Empty(_network.Seen);
    }

    [Fact]
    public async Task A_file_that_was_damaged_in_the_folder_is_pulled_again_and_refused_offline()
    {
        string path = (await Library.Pull(published.Slug, cancellationToken: Ct)).MapperPath;
        byte[] damaged = [.. published.Mapper];
        damaged[500]++;
        await File.WriteAllBytesAsync(path, damaged, Ct);
        await Assert.ThrowsAsync<NotCachedException>(() => Client.OpenLibrary(_folder, offline: true).Pull(published.Slug, cancellationToken: Ct));
        Assert.Equal(published.Mapper, await File.ReadAllBytesAsync((await Library.Pull(published.Slug, cancellationToken: Ct)).MapperPath, Ct));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("A")]
    [InlineData("nothing-of-the-kind")]
    public async Task What_is_no_mapper_is_not_found_and_leaves_no_file(string slug)
    {
        await Assert.ThrowsAsync<MapperNotFoundException>(() => Library.Pull(slug, cancellationToken: Ct));
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_version_that_there_is_not_is_said_with_those_that_there_are()
    {
        MapperNotFoundException missing = await Assert.ThrowsAsync<MapperNotFoundException>(() => Library.Pull(published.Slug, version: 7, Ct));
        Assert.Contains("1 to 1", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_catalogue_is_listed_and_cards_are_read()
    {
        var slugs = new List<string>();
        await foreach (CatalogueEntry entry in Client.Mappers.List(Ct)) slugs.Add(entry.Slug);
        Assert.Equal([published.Slug], slugs);
        Assert.Equal("a smile", (await Client.Mappers.FindCard(published.Slug, cancellationToken: Ct))?.Prompt);
        Assert.Null(await Client.Mappers.Find("nothing-of-the-kind", Ct));
    }

    private async Task WritePart(Digest digest, byte[] content)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "parts"));
        await File.WriteAllBytesAsync(Path.Combine(_folder, "parts", digest.Hex + ".part"), content, Ct);
    }

    private static MemoryStream Spoil(Spoiling spoiling, byte[] body)
    {
        switch (spoiling)
        {
            case Spoiling.Flipped:
                body[body.Length / 2] ^= 1;
                return new MemoryStream(body);
            case Spoiling.Truncated: return new MemoryStream(body[..^1]);
            case Spoiling.Lengthened: return new MemoryStream([.. body, 0]);
            case Spoiling.Replaced: return new MemoryStream([.. Enumerable.Repeat((byte)'{', body.Length)]);
            default: return new MemoryStream([]);
        }
    }

    private sealed class CombinatorialSpoilingsAttribute : Xunit.v3.DataAttribute
    {
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) =>
            ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
                [.. from spoiling in Enum.GetValues<Spoiling>() from file in new[] { "mapper", "card", "strip" } select new TheoryDataRow(spoiling, file)]);

        public override bool SupportsDiscoveryEnumeration() => true;
    }

    /// <summary>A connection over which nothing comes.</summary>
    private sealed class EndlessStream() : MemoryStream(new byte[1])
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }

    public sealed class Published : IAsyncLifetime
    {
        internal GatewayHost Host { get; private set; } = null!;

        internal byte[] Mapper { get; } = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];

        internal Digest StripDigest { get; private set; }

        internal ArtifactRef Card { get; private set; } = null!;

        internal string Slug { get; } = Contracts.Library.Slug.Of("a smile");

        public async ValueTask InitializeAsync()
        {
            Host = await GatewayHost.Start();
            JobSpec job = Samples.Job("a smile");
            ArtifactRef strip = await Host.Store.Put("a picture"u8.ToArray(), MediaTypes.Png, Ct);
            CatalogueEntry entry = await new Mappers(Host.Store).Publish(
                new MapperCard
                {
                    Slug = Slug,
                    Prompt = job.Prompt,
                    Job = JobId.Of(job),
                    Mapper = await Host.Store.Put(Mapper, MediaTypes.Safetensors, Ct),
                    Strip = strip,
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
            (Card, StripDigest) = (entry.Versions[0].Card, strip.Digest);
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
