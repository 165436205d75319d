using System.Text;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Storage.Tests.Artifacts;

public sealed class DirectoryArtifactStoreTests : ArtifactStoreContract
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<DirectoryArtifactStore> _opened = [];

    protected override IArtifactStore Open()
    {
        var store = new DirectoryArtifactStore(_directory.Root);
        _opened.Add(store);
        return store;
    }

    public override void Dispose()
    {
        _opened.ForEach(store => store.Dispose());
        _directory.Dispose();
    }

    [Fact]
    public async Task A_flipped_byte_is_found_and_storing_again_mends_it()
    {
        IArtifactStore store = Open();
        byte[] content = "the weights of a mapper"u8.ToArray();
        ArtifactRef stored = await store.Put(content, MediaTypes.Binary, Ct);
        string path = BlobPath(stored.Digest);
        byte[] damaged = [.. content];
        damaged[3] ^= 1;
        await File.WriteAllBytesAsync(path, damaged, Ct);

        ArtifactCorruptException corrupt = await Assert.ThrowsAsync<ArtifactCorruptException>(() => store.Read(stored, Ct));
        Assert.Contains(stored.Digest.ToString(), corrupt.Message, StringComparison.Ordinal);
        Assert.Contains(Digest.Of(damaged).ToString(), corrupt.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArtifactCorruptException>(() => store.ReadVerified(stored.Digest, Ct));
        await Assert.ThrowsAsync<ArtifactCorruptException>(() => store.CopyVerified(stored, Stream.Null, Ct));

        await store.Put(content, MediaTypes.Binary, Ct);
        Assert.Equal(content, await store.Read(stored, Ct));
    }

    [Fact]
    public async Task A_truncated_artifact_is_found()
    {
        IArtifactStore store = Open();
        ArtifactRef stored = await store.Put(new byte[1000], MediaTypes.Binary, Ct);
        await File.WriteAllBytesAsync(BlobPath(stored.Digest), new byte[999], Ct);

        await Assert.ThrowsAsync<ArtifactCorruptException>(() => store.Read(stored, Ct));
    }

    [Fact]
    public async Task A_damaged_document_is_not_taken_for_a_whole_one()
    {
        IArtifactStore store = Open();
        await store.WriteDocument("jobs/a", "{\"step\":100}"u8.ToArray(), null, Ct);
        string path = Path.Combine(_directory["documents"], "jobs", "a@");
        byte[] file = await File.ReadAllBytesAsync(path, Ct);
        await File.WriteAllBytesAsync(path, file[..^2], Ct);

        ArtifactCorruptException corrupt = await Assert.ThrowsAsync<ArtifactCorruptException>(() => store.ReadDocument("jobs/a", Ct));
        Assert.Contains("jobs/a", corrupt.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_fails_half_way_leaves_nothing()
    {
        IArtifactStore store = Open();
        await Assert.ThrowsAsync<EndOfStreamException>(() => store.Put(new FailingStream(), MediaTypes.Binary, Ct));
        Assert.Empty(Blobs());
        Assert.Empty(TemporaryFiles());
    }

    [Fact]
    public async Task Opening_sweeps_what_the_dead_left_and_spares_the_living()
    {
        IArtifactStore living = Open();
        string half = Path.Combine(_directory["tmp"], "0123", "half-written");
        Directory.CreateDirectory(Path.GetDirectoryName(half)!);
        await File.WriteAllBytesAsync(half, new byte[100], Ct);
        await File.WriteAllBytesAsync(Path.Combine(_directory["tmp"], "0123.lock"), [], Ct);

        IArtifactStore opened = Open();

        Assert.False(File.Exists(half));
        Assert.Equal(2, Directory.GetDirectories(_directory["tmp"]).Length);
        ArtifactRef stored = await living.Put("still here"u8.ToArray(), MediaTypes.Binary, Ct);
        Assert.True(await opened.Exists(stored.Digest, Ct));
    }

    [Fact]
    public void Closing_takes_the_temporary_folder_along()
    {
        using (new DirectoryArtifactStore(_directory.Root)) Assert.Single(Directory.GetDirectories(_directory["tmp"]));
        Assert.Empty(Directory.GetDirectories(_directory["tmp"]));
        Assert.Equal(["gate"], Directory.GetFiles(_directory["tmp"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task No_increment_is_lost_between_processes()
    {
        using var first = WorkerProcess.Start("count", _directory.Root, "counter", "40");
        using var second = WorkerProcess.Start("count", _directory.Root, "counter", "40");

        Assert.Equal(0, await first.Ended(Ct));
        Assert.Equal(0, await second.Ended(Ct));
        Assert.Equal("80", Encoding.ASCII.GetString((await Open().ReadDocument("counter", Ct))!.Content));
    }

    [Fact]
    public async Task A_killed_writer_leaves_only_whole_artifacts_and_its_leftovers_are_swept()
    {
        using var writer = WorkerProcess.Start("put", _directory.Root);
        var said = Digest.Parse(await writer.ReadLine(Ct));
        await writer.Kill(Ct);

        IArtifactStore store = Open();
        Assert.Equal(8 << 20, (await store.ReadVerified(said, Ct)).Length);
        foreach (string blob in Blobs())
        {
            await using FileStream stream = File.OpenRead(blob);
            Assert.Equal(Path.GetFileName(blob), (await Digest.OfAsync(stream, Ct)).Hex);
        }

        Assert.Empty(TemporaryFiles());
    }

    private string BlobPath(Digest digest) => Path.Combine(_directory["blobs"], "sha256", digest.Hex[..2], digest.Hex);

    private string[] Blobs() =>
        Directory.Exists(_directory["blobs"]) ? Directory.GetFiles(_directory["blobs"], "*", SearchOption.AllDirectories) : [];

    private IEnumerable<string> TemporaryFiles() =>
        Directory.GetDirectories(_directory["tmp"]).SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories));

    private sealed class FailingStream : MemoryStream
    {
        private int _reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _reads++ < 3 ? ValueTask.FromResult(buffer.Length) : throw new EndOfStreamException("The line was cut.");
    }
}
