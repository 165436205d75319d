using System.Globalization;
using System.Text;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Storage.Tests.Artifacts;

/// <summary>What every artifact store must do. A back end's tests inherit it and say how to open a store over an empty place.</summary>
public abstract class ArtifactStoreContract : IDisposable
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Opens a store; each call of one test opens the same place again.</summary>
    protected abstract IArtifactStore Open();

    public abstract void Dispose();

    [Fact]
    public async Task What_was_stored_is_read_back_and_named_by_its_digest()
    {
        IArtifactStore store = Open();
        byte[] content = Encoding.UTF8.GetBytes("a mapper");

        ArtifactRef stored = await store.Put(content, MediaTypes.Binary, Ct);

        Assert.Equal(new ArtifactRef(Digest.Of(content), content.Length, MediaTypes.Binary), stored);
        Assert.True(await store.Exists(stored.Digest, Ct));
        Assert.Equal(content, await store.Read(stored, Ct));
        Assert.Equal(content, await store.ReadVerified(stored.Digest, Ct));
        await using Stream opened = await store.Open(stored.Digest, Ct);
        Assert.Equal(stored.Digest, await Digest.OfAsync(opened, Ct));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_003)]
    public async Task A_stream_and_its_bytes_are_the_same_artifact(int length)
    {
        IArtifactStore store = Open();
        byte[] content = new byte[length];
        new Random(7).NextBytes(content);

        ArtifactRef fromStream = await store.Put(new MemoryStream(content), MediaTypes.Binary, Ct);
        ArtifactRef fromBytes = await store.Put(content, MediaTypes.Binary, Ct);

        Assert.Equal(fromBytes, fromStream);
        Assert.Equal(content, await store.Read(fromStream, Ct));
    }

    [Fact]
    public async Task Many_writers_of_the_same_artifact_all_succeed()
    {
        IArtifactStore store = Open(), other = Open();
        byte[] content = new byte[300_000];

        ArtifactRef[] stored = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? store : other).Put(content, MediaTypes.Binary, Ct)));

        Assert.Single(stored.Distinct());
        Assert.Equal(content, await store.Read(stored[0], Ct));
    }

    [Fact]
    public async Task A_missing_artifact_is_named()
    {
        IArtifactStore store = Open();
        var digest = Digest.Of("never stored"u8);

        Assert.False(await store.Exists(digest, Ct));
        ArtifactMissingException missing = await Assert.ThrowsAsync<ArtifactMissingException>(() => store.Open(digest, Ct));
        await Assert.ThrowsAsync<ArtifactMissingException>(() => store.Read(new ArtifactRef(digest, 12, MediaTypes.Binary), Ct));
        Assert.Equal(digest, missing.Digest);
        Assert.Contains(digest.ToString(), missing.Message, StringComparison.Ordinal);
        Assert.Contains(store.Location, missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_of_another_length_is_refused()
    {
        IArtifactStore store = Open();
        ArtifactRef stored = await store.Put("four"u8.ToArray(), MediaTypes.Binary, Ct);

        ArtifactCorruptException corrupt = await Assert.ThrowsAsync<ArtifactCorruptException>(
            () => store.Read(stored with { SizeBytes = 5 }, Ct));

        Assert.Contains("has 4 bytes; the reference says 5", corrupt.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_is_written_only_over_the_version_that_was_seen()
    {
        IArtifactStore store = Open();

        string? first = await store.WriteDocument("jobs/a", "1"u8.ToArray(), null, Ct);
        Assert.NotNull(first);
        Assert.Null(await store.WriteDocument("jobs/a", "x"u8.ToArray(), null, Ct));
        string? second = await store.WriteDocument("jobs/a", "2"u8.ToArray(), first, Ct);
        Assert.NotNull(second);
        Assert.Null(await store.WriteDocument("jobs/a", "x"u8.ToArray(), first, Ct));

        StoredDocument? read = await Open().ReadDocument("jobs/a", Ct);
        Assert.Equal("2"u8.ToArray(), read?.Content);
        Assert.Equal(second, read?.ETag);
    }

    [Fact]
    public async Task Two_writes_of_equal_bytes_are_two_versions()
    {
        IArtifactStore store = Open();
        string a = Written(await store.WriteDocument("d", "a"u8.ToArray(), null, Ct));
        string b = Written(await store.WriteDocument("d", "b"u8.ToArray(), a, Ct));
        string again = Written(await store.WriteDocument("d", "a"u8.ToArray(), b, Ct));
        Assert.NotEqual(a, again);

        Assert.True(await store.DeleteDocument("d", again, Ct));
        string recreated = Written(await store.WriteDocument("d", "a"u8.ToArray(), null, Ct));

        Assert.Null(await store.WriteDocument("d", "x"u8.ToArray(), a, Ct));
        Assert.Null(await store.WriteDocument("d", "x"u8.ToArray(), again, Ct));
        Assert.NotNull(await store.WriteDocument("d", "x"u8.ToArray(), recreated, Ct));
    }

    [Fact]
    public async Task A_document_is_deleted_only_in_the_version_that_was_seen()
    {
        IArtifactStore store = Open();
        string eTag = Written(await store.WriteDocument("d", "1"u8.ToArray(), null, Ct));

        Assert.False(await store.DeleteDocument("d", "another", Ct));
        Assert.False(await store.DeleteDocument("e", eTag, Ct));
        Assert.True(await store.DeleteDocument("d", eTag, Ct));
        Assert.False(await store.DeleteDocument("d", eTag, Ct));
        Assert.Null(await store.ReadDocument("d", Ct));
        Assert.Null(await store.WriteDocument("d", "2"u8.ToArray(), eTag, Ct));
    }

    [Fact]
    public async Task A_document_may_be_empty()
    {
        IArtifactStore store = Open();
        await store.WriteDocument("empty", ReadOnlyMemory<byte>.Empty, null, Ct);
        StoredDocument? read = await store.ReadDocument("empty", Ct);
        Assert.Equal(0, read?.Content.Length);
    }

    [Fact]
    public async Task No_increment_is_lost_between_writers()
    {
        IArtifactStore[] stores = [Open(), Open()];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Count(stores[i % 2], "counter", 10)));

        Assert.Equal(80, int.Parse(Encoding.ASCII.GetString((await stores[0].ReadDocument("counter", Ct))!.Content), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Of_many_creators_one_wins()
    {
        IArtifactStore[] stores = [Open(), Open()];

        string?[] results = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => stores[i % 2].WriteDocument("leader", new byte[] { (byte)i }, null, Ct)));

        Assert.Single(results, eTag => eTag is not null);
    }

    [Fact]
    public async Task Readers_see_whole_documents_while_they_are_replaced()
    {
        IArtifactStore store = Open(), reader = Open();
        string? eTag = await store.WriteDocument("d", new byte[20_000], null, Ct);
        Task writing = Task.Run(
            async () =>
            {
                for (byte i = 1; i <= 30; i++) eTag = await store.WriteDocument("d", Enumerable.Repeat(i, 20_000 + i).ToArray(), eTag, Ct);
            },
            Ct);

        do
        {
            byte[] content = (await reader.ReadDocument("d", Ct))!.Content;
            Assert.Equal(20_000 + content[0], content.Length);
            Assert.True(content.AsSpan().IndexOfAnyExcept(content[0]) < 0);
        }
        while (!writing.IsCompleted);

        await writing;
    }

    [Fact]
    public async Task Documents_are_listed_in_ordinal_order_below_a_prefix()
    {
        IArtifactStore store = Open();
        foreach (string name in new[] { "jobs/b", "jobs/a", "jobs/a/parts", "jobs/a.1", "jobs-old/a", "sweeps/z", "jobs/10", "jobs/9" })
            Assert.NotNull(await store.WriteDocument(name, "{}"u8.ToArray(), null, Ct));

        Assert.Equal(["jobs/10", "jobs/9", "jobs/a", "jobs/a.1", "jobs/a/parts", "jobs/b"], await List(store, "jobs/"));
        Assert.Equal(["jobs/a", "jobs/a.1", "jobs/a/parts"], await List(store, "jobs/a"));
        Assert.Equal(["jobs-old/a"], await List(store, "jobs-"));
        Assert.Equal(8, (await List(store, string.Empty)).Count);
        Assert.Empty(await List(store, "nothing/"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../secret")]
    [InlineData("a/../../secret")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("C:x")]
    [InlineData("Upper")]
    [InlineData("white space")]
    [InlineData("ümlaut")]
    [InlineData("a\0b")]
    [InlineData("a%2e%2e")]
    [InlineData("~")]
    [InlineData(".hidden")]
    [InlineData("ends.")]
    public async Task A_name_that_could_leave_the_store_is_refused(string name)
    {
        IArtifactStore store = Open();
        await Assert.ThrowsAsync<ArgumentException>(() => store.ReadDocument(name, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteDocument(name, "x"u8.ToArray(), null, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteDocument(name, "x", Ct));
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused()
    {
        IArtifactStore store = Open();
        string longest = string.Join('/', Enumerable.Repeat(new string('a', 99), 4));
        Assert.NotNull(await store.WriteDocument(longest, "x"u8.ToArray(), null, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => store.ReadDocument(longest + "/aa", Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => store.ReadDocument(new string('a', 121), Ct));
    }

    protected static string Written(string? eTag) => eTag ?? throw new InvalidOperationException("Somebody else was first.");

    private static async Task Count(IArtifactStore store, string name, int times)
    {
        for (int done = 0; done < times;)
        {
            StoredDocument? seen = await store.ReadDocument(name, Ct);
            int value = seen is null ? 0 : int.Parse(Encoding.ASCII.GetString(seen.Content), CultureInfo.InvariantCulture);
            byte[] next = Encoding.ASCII.GetBytes((value + 1).ToString(CultureInfo.InvariantCulture));
            if (await store.WriteDocument(name, next, seen?.ETag, Ct) is not null) done++;
        }
    }

    private static async Task<List<string>> List(IArtifactStore store, string prefix)
    {
        List<string> names = [];
        await foreach (string name in store.ListDocuments(prefix, Ct)) names.Add(name);
        return names;
    }
}
