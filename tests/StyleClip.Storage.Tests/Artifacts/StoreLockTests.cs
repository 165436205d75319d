using System.Globalization;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Storage.Tests.Artifacts;

public sealed class StoreLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_store_is_claimed_once_and_again_after_it_was_given_free()
    {
        using (StoreLock.Claim(_directory.Root))
        {
            StoreInUseException refused = Assert.Throws<StoreInUseException>(() => StoreLock.Claim(_directory.Root));
            Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        }

        StoreLock.Claim(_directory.Root).Dispose();
    }

    [Fact]
    public async Task The_claim_names_its_process_and_dies_with_it()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        using var worker = WorkerProcess.Start("claim", _directory.Root);
        Assert.Equal("claimed", await worker.ReadLine(ct));

        StoreInUseException refused = Assert.Throws<StoreInUseException>(() => StoreLock.Claim(_directory.Root));
        Assert.Contains($"process {worker.Id.ToString(CultureInfo.InvariantCulture)} ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(_directory.Root, refused.Message, StringComparison.Ordinal);

        await worker.Kill(ct);
        StoreLock.Claim(_directory.Root).Dispose();
    }

    [Fact]
    public void Nodes_share_a_store_and_one_process_alone_waits_until_the_last_is_gone()
    {
        using (StoreLock.Join(_directory.Root))
        {
            StoreLock.Join(_directory.Root).Dispose();
            StoreInUseException refused = Assert.Throws<StoreInUseException>(() => StoreLock.Claim(_directory.Root));
            Assert.Contains($"the nodes of a cluster, the last of which is process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        }

        using (StoreLock.Claim(_directory.Root)) Assert.Throws<StoreInUseException>(() => StoreLock.Join(_directory.Root));
        StoreLock.Join(_directory.Root).Dispose();
    }

    [Fact]
    public async Task A_claimed_store_can_still_be_read_and_written()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        using StoreLock claim = StoreLock.Claim(_directory.Root);
        using var store = new DirectoryArtifactStore(_directory.Root);
        Assert.NotNull(await store.WriteDocument("d", "x"u8.ToArray(), null, ct));
    }
}
