using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Checkpoints;

namespace StyleClip.Storage.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DirectoryArtifactStore _store;

    public CheckpointStoreTests() => _store = new DirectoryArtifactStore(_directory.Root);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_checkpoint_comes_back_whole()
    {
        var checkpoints = new CheckpointStore(_store);

        StoredCheckpoint stored = await checkpoints.Write(Draft(50), Ct);
        CheckpointManifest manifest = await checkpoints.Read(stored.Reference, Ct);

        Assert.Equal(stored.Manifest, manifest);
        Assert.Equal((50, 3L, new JobId("0123456789abcdef")), (manifest.Step, manifest.Epoch, manifest.Job));
        Assert.Equal(Draft(50).State.ToArray(), await checkpoints.ReadState(manifest, Ct));
        Assert.Equal(Draft(50).Strip!.Value.ToArray(), await _store.Read(manifest.Strip!, Ct));
    }

    [Fact]
    public async Task The_same_checkpoint_has_the_same_reference()
    {
        var checkpoints = new CheckpointStore(_store);
        Assert.Equal((await checkpoints.Write(Draft(50), Ct)).Reference, (await checkpoints.Write(Draft(50), Ct)).Reference);
    }

    [Fact]
    public async Task A_checkpoint_without_one_of_its_parts_is_not_complete()
    {
        var checkpoints = new CheckpointStore(_store);
        StoredCheckpoint stored = await checkpoints.Write(Draft(50), Ct);
        Digest state = stored.Manifest.State.Digest;
        File.Delete(Path.Combine(_directory["blobs"], "sha256", state.Hex[..2], state.Hex));

        ArtifactMissingException missing = await Assert.ThrowsAsync<ArtifactMissingException>(() => checkpoints.Read(stored.Reference, Ct));
        Assert.Equal(state, missing.Digest);
    }

    [Fact]
    public async Task A_manifest_is_not_written_where_a_part_could_not_be()
    {
        var checkpoints = new CheckpointStore(_store);
        string inTheWay = Path.Combine(_directory["blobs"], "sha256", Digest.Of(Draft(50).Strip!.Value.Span).Hex[..2]);
        Directory.CreateDirectory(Path.GetDirectoryName(inTheWay)!);
        await File.WriteAllTextAsync(inTheWay, "not a folder", Ct);

        await Assert.ThrowsAnyAsync<IOException>(() => checkpoints.Write(Draft(50), Ct));

        Assert.Equal(2, Directory.GetFiles(_directory["blobs"], "*", SearchOption.AllDirectories).Length); // the state and what is in the way
    }

    private static CheckpointDraft Draft(int step) => new()
    {
        Job = new JobId("0123456789abcdef"),
        Epoch = 3,
        Step = step,
        State = new byte[] { 1, 2, 3, (byte)step },
        Strip = new byte[] { 4, 5, 6 },
        DeviceKind = "cpu",
        Build = "test",
    };
}
