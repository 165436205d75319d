using System.Diagnostics;
using System.Globalization;
using System.Text;
using Azure.Storage.Blobs;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;
using StyleClip.TestServers;

namespace StyleClip.Storage.Tests.Artifacts;

/// <summary>A blob service and a network at their worst, in front of a real Azurite.</summary>
public sealed class AzureBlobFaultTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private static readonly AzureBlobLimits Quick = new()
    {
        DocumentTimeout = TimeSpan.FromSeconds(1),
        ArtifactTimeout = TimeSpan.FromSeconds(2),
        RetryDelay = TimeSpan.FromMilliseconds(10),
        MaxRetryDelay = TimeSpan.FromMilliseconds(100),
    };

    private readonly string _container = AzuriteFixture.NewContainer();
    private readonly List<Action> _expected = [];
    private FaultProxy _proxy = null!;
    private AzureBlobArtifactStore _store = null!;
    private AzureBlobArtifactStore _other = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _proxy = await FaultProxy.Start(azurite.Server.Port);
        _store = Through(Quick);
        _other = AzureBlobArtifactStore.FromConnectionString(azurite.Server.ConnectionString, _container, Quick);
        await _other.WriteDocument("made", ReadOnlyMemory<byte>.Empty, null, Ct); // the container is there
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _expected.ForEach(happened => happened());
    }

    [Theory]
    [InlineData(Fault.Busy)]
    [InlineData(Fault.Throttled)]
    [InlineData(Fault.LoseRequest)]
    public async Task What_is_refused_three_times_is_done_the_fourth_time(Fault fault)
    {
        var attempts = new Dictionary<string, int>();
        _proxy.Plan = (method, target) =>
        {
            lock (attempts)
            {
                int attempt = attempts[method + target] = attempts.GetValueOrDefault(method + target) + 1;
                return attempt % 4 == 0 ? Fault.None : fault;
            }
        };

        ArtifactRef stored = await _store.Put("a mapper"u8.ToArray(), MediaTypes.Binary, Ct);
        Assert.Equal("a mapper"u8.ToArray(), await _store.Read(stored, Ct));
        string? first = await _store.WriteDocument("d", "1"u8.ToArray(), null, Ct);
        string? second = await _store.WriteDocument("d", "2"u8.ToArray(), first, Ct);
        Assert.Equal("2"u8.ToArray(), (await _store.ReadDocument("d", Ct))!.Content);
        Assert.Equal(["d", "made"], await List(_store));
        Assert.True(await _store.DeleteDocument("d", second!, Ct));
    }

    [Theory]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.KeepAnswer)]
    [InlineData(Fault.HideAnswer)]
    public async Task A_write_whose_answer_was_lost_is_not_taken_for_somebody_elses(Fault fault)
    {
        _proxy.Plan = Once("PUT", "/documents/d@", fault);
        string? created = await _store.WriteDocument("d", "1"u8.ToArray(), null, Ct);
        _proxy.Plan = Once("PUT", "/documents/d@", fault);
        string? replaced = await _store.WriteDocument("d", "1"u8.ToArray(), created, Ct);

        Assert.NotNull(created);
        Assert.NotNull(replaced);
        Assert.NotEqual(created, replaced);
        Assert.Equal(replaced, (await _other.ReadDocument("d", Ct))!.ETag);
        Assert.NotNull(await _other.WriteDocument("d", "2"u8.ToArray(), replaced, Ct));
    }

    [Fact]
    public async Task A_write_that_others_have_written_over_before_its_answer_came_has_happened()
    {
        string? seen = await _store.WriteDocument("d", "1"u8.ToArray(), null, Ct);
        string? newest = null;
        _proxy.Plan = Once("PUT", "/documents/d@", Fault.LoseAnswer);
        _proxy.Passed = Once("PUT", "/documents/d@", async () =>
        {
            for (int i = 3; i <= 7; i++)
            {
                StoredDocument read = (await _other.ReadDocument("d", Ct))!;
                newest = await _other.WriteDocument("d", Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture)), read.ETag, Ct);
            }
        });

        string? written = await _store.WriteDocument("d", "2"u8.ToArray(), seen, Ct);

        Assert.NotNull(written);
        Assert.NotEqual(newest, written);
        Assert.Null(await _store.WriteDocument("d", "x"u8.ToArray(), written, Ct));
        Assert.Equal("7"u8.ToArray(), (await _store.ReadDocument("d", Ct))!.Content);
    }

    [Fact]
    public async Task A_write_that_never_arrived_loses_to_the_one_that_did()
    {
        string? seen = await _store.WriteDocument("d", "1"u8.ToArray(), null, Ct);
        Func<string, string, Fault> lose = Once("PUT", "/documents/d@", Fault.LoseRequest);
        _proxy.Plan = (method, target) =>
        {
            Fault fault = lose(method, target);
            if (fault != Fault.None) Assert.NotNull(_other.WriteDocument("d", "2"u8.ToArray(), seen, Ct).GetAwaiter().GetResult());
            return fault;
        };

        Assert.Null(await _store.WriteDocument("d", "3"u8.ToArray(), seen, Ct));
        Assert.Equal("2"u8.ToArray(), (await _store.ReadDocument("d", Ct))!.Content);
    }

    [Fact]
    public async Task A_delete_whose_answer_was_lost_has_happened()
    {
        string? seen = await _store.WriteDocument("d", "1"u8.ToArray(), null, Ct);
        _proxy.Plan = Once("DELETE", "/documents/d@", Fault.LoseAnswer);

        Assert.True(await _store.DeleteDocument("d", seen!, Ct));
        Assert.False(await _store.DeleteDocument("d", seen!, Ct));
    }

    [Fact]
    public async Task No_increment_is_lost_or_counted_twice_in_a_storm()
    {
        var random = new Random(7);
        Fault[] storm = [Fault.Busy, Fault.LoseRequest, Fault.LoseAnswer, Fault.HideAnswer];
        _proxy.Plan = (_, _) =>
        {
            lock (random) return random.Next(4) == 0 ? storm[random.Next(storm.Length)] : Fault.None;
        };

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Count(Through(Quick with { Retries = 12 }), 10)));

        Assert.Equal("40", Encoding.ASCII.GetString((await _other.ReadDocument("counter", Ct))!.Content));
    }

    [Theory]
    [InlineData(100_000)] // one request
    [InlineData(40 << 20)] // in blocks
    public async Task An_artifact_whose_answer_was_lost_is_stored(int length)
    {
        byte[] content = new byte[length];
        new Random(3).NextBytes(content);
        var digest = Digest.Of(content);
        string last = length > (32 << 20) ? "comp=blocklist" : digest.Hex;
        _proxy.Plan = Once("PUT", last, Fault.LoseAnswer);

        ArtifactRef stored = await _store.Put(new MemoryStream(content), MediaTypes.Binary, Ct);

        Assert.Equal(digest, stored.Digest);
        Assert.Equal(digest, Digest.Of(await _other.Read(stored, Ct)));
    }

    [Theory]
    [InlineData(Fault.Truncate)]
    [InlineData(Fault.Cut)]
    [InlineData(Fault.LoseAnswer)]
    public async Task A_read_that_was_cut_off_is_read_again(Fault fault)
    {
        byte[] content = new byte[3_000_001];
        new Random(5).NextBytes(content);
        ArtifactRef stored = await _other.Put(content, MediaTypes.Binary, Ct);
        await _other.WriteDocument("d", content.AsMemory(0, 30_001), null, Ct);

        _proxy.Plan = Once("GET", stored.Digest.Hex, fault);
        Assert.Equal(content, await _store.Read(stored, Ct));
        _proxy.Plan = Once("GET", stored.Digest.Hex, fault);
        Assert.Equal(content, await _store.ReadVerified(stored.Digest, Ct));
        _proxy.Plan = Once("GET", stored.Digest.Hex, fault);
        using var copied = new MemoryStream();
        await _store.CopyVerified(stored, copied, Ct);
        Assert.Equal(content, copied.ToArray());
        _proxy.Plan = Once("GET", "/documents/d@", fault);
        Assert.Equal(content[..30_001], (await _store.ReadDocument("d", Ct))!.Content);
    }

    [Fact]
    public async Task What_arrives_cut_short_every_time_is_damaged()
    {
        ArtifactRef stored = await _other.Put(new byte[1000], MediaTypes.Binary, Ct);
        await _other.WriteDocument("d", new byte[1000], null, Ct);
        _proxy.Plan = (method, _) => method == "GET" ? Fault.Truncate : Fault.None;

        ArtifactCorruptException corrupt = await Assert.ThrowsAsync<ArtifactCorruptException>(() => _store.Read(stored, Ct));
        Assert.Contains("has 500 bytes; the reference says 1000", corrupt.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArtifactCorruptException>(() => _store.ReadVerified(stored.Digest, Ct));
        await Assert.ThrowsAsync<ArtifactCorruptException>(() => _store.CopyVerified(stored, new MemoryStream(), Ct));
        await Assert.ThrowsAsync<ArtifactCorruptException>(() => _store.ReadDocument("d", Ct));
    }

    [Fact]
    public async Task A_read_whose_connection_breaks_every_time_is_an_error_of_the_store()
    {
        ArtifactRef stored = await _other.Put(new byte[1_000_000], MediaTypes.Binary, Ct);
        _proxy.Plan = (method, _) => method == "GET" ? Fault.Cut : Fault.None;

        IOException failed = await Assert.ThrowsAsync<IOException>(() => _store.Read(stored, Ct));
        Assert.StartsWith($"The store at {_store.Location} could not read artifact {stored.Digest}: ", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_asked_while_the_store_is_away_is_done_when_it_is_back()
    {
        AzureBlobArtifactStore patient = Through(Quick with { Retries = 60 });
        string? seen = await patient.WriteDocument("d", "1"u8.ToArray(), null, Ct);
        await _proxy.GoAway();

        Task<string?> write = patient.WriteDocument("d", "2"u8.ToArray(), seen, Ct);
        Task<ArtifactRef> put = patient.Put(new byte[1_000_000], MediaTypes.Binary, Ct);
        await Assert.ThrowsAsync<TimeoutException>(() => Task.WhenAny(write, put).WaitAsync(TimeSpan.FromSeconds(1), Ct));
        await _proxy.ComeBack();

        Assert.NotNull(await write);
        Assert.True(await _other.Exists((await put).Digest, Ct));
    }

    [Fact]
    public async Task A_store_that_stays_away_is_an_error_that_says_where_and_what()
    {
        await _proxy.GoAway();

        string[] messages =
        [
            (await Assert.ThrowsAsync<IOException>(() => _store.WriteDocument("d", "2"u8.ToArray(), null, Ct))).Message,
            (await Assert.ThrowsAsync<IOException>(() => _store.ReadDocument("d", Ct))).Message,
            (await Assert.ThrowsAsync<IOException>(() => _store.DeleteDocument("d", "0x1 ", Ct))).Message,
            (await Assert.ThrowsAsync<IOException>(() => List(_store))).Message,
            (await Assert.ThrowsAsync<IOException>(() => _store.Put("x"u8.ToArray(), MediaTypes.Binary, Ct))).Message,
            (await Assert.ThrowsAsync<IOException>(() => _store.Exists(Digest.Of("x"u8), Ct))).Message,
            (await Assert.ThrowsAsync<IOException>(() => _store.Open(Digest.Of("x"u8), Ct))).Message,
        ];

        string port = _proxy.Port.ToString(CultureInfo.InvariantCulture);
        Assert.All(messages, message => Assert.Matches($"^The store at http://127.0.0.1:{port}/{AzuriteServer.Account}/{_container} could not .*refused", message));
    }

    [Fact]
    public async Task A_store_that_never_answers_is_an_error_within_the_limits()
    {
        _proxy.Plan = (_, _) => Fault.KeepAnswer;
        var limits = Quick with { DocumentTimeout = TimeSpan.FromMilliseconds(200), Retries = 2 };
        var clock = Stopwatch.StartNew();

        IOException failed = await Assert.ThrowsAsync<IOException>(() => Through(limits).WriteDocument("d", "1"u8.ToArray(), null, Ct));

        Assert.EndsWith("could not write document 'd': it did not answer in time.", failed.Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_refusal_names_the_status_and_no_secret()
    {
        string key = Convert.ToBase64String(new byte[64]);
        string connection = $"DefaultEndpointsProtocol=http;AccountName={AzuriteServer.Account};AccountKey={key};BlobEndpoint=http://127.0.0.1:{azurite.Server.Port}/{AzuriteServer.Account};";
        using var store = AzureBlobArtifactStore.FromConnectionString(connection, _container, Quick);

        IOException failed = await Assert.ThrowsAsync<IOException>(() => store.ReadDocument("d", Ct));

        Assert.Equal($"The store at {store.Location} could not read document 'd': it answered 403 (AuthorizationFailure).", failed.Message);
        Assert.DoesNotContain(key, failed.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Signature", failed.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_and_no_error_of_the_store()
    {
        _proxy.Plan = (_, _) => Fault.KeepAnswer;
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.ReadDocument("d", cancelled.Token));
    }

    [Fact]
    public async Task An_artifact_of_the_wrong_length_is_mended_by_storing_it_again()
    {
        byte[] content = "the weights of a mapper"u8.ToArray();
        var artifact = new ArtifactRef(Digest.Of(content), content.Length, MediaTypes.Binary);
        var blob = new BlobClient(
            azurite.Server.ConnectionString, _container, $"blobs/sha256/{artifact.Digest.Hex[..2]}/{artifact.Digest.Hex}");
        await blob.UploadAsync(BinaryData.FromString("the wei"), Ct);
        await Assert.ThrowsAsync<ArtifactCorruptException>(() => _store.Read(artifact, Ct));

        await _store.Put(content, MediaTypes.Binary, Ct);

        Assert.Equal(content, await _store.Read(artifact, Ct));
    }

    private Func<string, string, Fault> Once(string method, string part, Fault fault)
    {
        Func<string, string, bool> isIt = First(method, part);
        return (asked, target) => isIt(asked, target) ? fault : Fault.None;
    }

    private Func<string, string, Task> Once(string method, string part, Func<Task> action)
    {
        Func<string, string, bool> isIt = First(method, part);
        return (asked, target) => isIt(asked, target) ? action() : Task.CompletedTask;
    }

    // True for the first request that matches; the test fails if none comes.
    private Func<string, string, bool> First(string method, string part)
    {
        int left = 1;
        _expected.Add(() => Assert.True(Volatile.Read(ref left) == 0, $"No {method} of {part} came."));
        return (asked, target) => asked == method && target.Contains(part, StringComparison.Ordinal) && Interlocked.Exchange(ref left, 0) == 1;
    }

    private static async Task Count(AzureBlobArtifactStore store, int times)
    {
        for (int done = 0; done < times;)
        {
            StoredDocument? seen = await store.ReadDocument("counter", Ct);
            int value = seen is null ? 0 : int.Parse(Encoding.ASCII.GetString(seen.Content), CultureInfo.InvariantCulture);
            byte[] next = Encoding.ASCII.GetBytes((value + 1).ToString(CultureInfo.InvariantCulture));
            if (await store.WriteDocument("counter", next, seen?.ETag, Ct) is not null) done++;
        }
    }

    private static async Task<List<string>> List(AzureBlobArtifactStore store)
    {
        List<string> names = [];
        await foreach (string name in store.ListDocuments("", Ct)) names.Add(name);
        return names;
    }

    private AzureBlobArtifactStore Through(AzureBlobLimits limits) =>
        AzureBlobArtifactStore.FromConnectionString(AzuriteServer.ConnectionStringAt(_proxy.Port), _container, limits);
}
