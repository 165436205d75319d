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

    protected override IArtifactStore Open() => AzureBlobArtifactStore.FromConnectionString(azurite.Server.ConnectionString, _container);
}
