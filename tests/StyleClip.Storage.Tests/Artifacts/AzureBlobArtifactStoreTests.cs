using System.Text;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;
using StyleClip.TestServers;

namespace StyleClip.Storage.Tests.Artifacts;

public sealed class AzureBlobArtifactStoreTests(AzuriteFixture azurite) : ArtifactStoreContract, IClassFixture<AzuriteFixture>
{
    private readonly string _container = AzuriteFixture.NewContainer();

    public override void Dispose()
    {
        // the container goes with its server
    }

    [Fact]
    public async Task No_increment_is_lost_between_processes()
    {
        string[] count = ["count", "azure://" + _container, "counter", "20"];
        using var first = WorkerProcess.Start(azurite.Server.ConnectionString, count);
        using var second = WorkerProcess.Start(azurite.Server.ConnectionString, count);

        Assert.Equal(0, await first.Ended(Ct));
        Assert.Equal(0, await second.Ended(Ct));
        Assert.Equal("40", Encoding.ASCII.GetString((await Open().ReadDocument("counter", Ct))!.Content));
    }

    [Fact]
    public async Task A_source_that_fails_half_way_leaves_nothing()
    {
        IArtifactStore store = Open();
        byte[] half = new byte[1_000_000];
        await Assert.ThrowsAsync<EndOfStreamException>(() => store.Put(new CutStream(half), MediaTypes.Binary, Ct));

        Assert.False(await store.Exists(Digest.Of(half), Ct));
    }

    protected override IArtifactStore Open() => AzureBlobArtifactStore.FromConnectionString(azurite.Server.ConnectionString, _container);

    private sealed class CutStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and int read ? read : throw new EndOfStreamException("The line was cut.");
    }
}
