using StyleClip.Storage.Artifacts;
using StyleClip.TestServers;

namespace StyleClip.Storage.Tests.Artifacts;

public sealed class ArtifactStoresTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void A_folder_is_a_directory_store()
    {
        using IArtifactStore store = ArtifactStores.Open(_directory["store"]);
        Assert.IsType<DirectoryArtifactStore>(store);
        Assert.Equal(_directory["store"], store.Location);
        Assert.Equal(Path.Combine(_directory["store"], "cache"), ArtifactStores.CacheFolder(_directory["store"]));
    }

    [Fact]
    public async Task A_container_is_found_by_the_connection_string_of_the_environment()
    {
        string container = AzuriteFixture.NewContainer();
        Environment.SetEnvironmentVariable(ArtifactStores.ConnectionStringVariable, azurite.Server.ConnectionString);
        using IArtifactStore store = ArtifactStores.Open("azure://" + container);
        Assert.NotNull(await store.WriteDocument("d", "x"u8.ToArray(), null, Ct));

        using var same = AzureBlobArtifactStore.FromConnectionString(azurite.Server.ConnectionString, container);
        Assert.Equal("x"u8.ToArray(), (await same.ReadDocument("d", Ct))!.Content);
        Assert.EndsWith("/" + container, store.Location, StringComparison.Ordinal);
        Assert.True(Path.IsPathFullyQualified(ArtifactStores.CacheFolder("azure://" + container)));
    }

    [Theory]
    [InlineData(null, "it is not set")]
    [InlineData("AccountKey=c2VjcmV0;AccountName=", "what it holds is none")]
    [InlineData("c2VjcmV0", "what it holds is none")]
    public void A_missing_or_wrong_connection_string_is_named_and_not_shown(string? connection, string expected)
    {
        Environment.SetEnvironmentVariable(ArtifactStores.ConnectionStringVariable, connection);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => ArtifactStores.Open("azure://mappers"));
        Assert.Contains(ArtifactStores.ConnectionStringVariable, refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_opened_without_a_secret()
    {
        using IArtifactStore store = ArtifactStores.Open("https://account.blob.core.windows.net/mappers");
        Assert.Equal("https://account.blob.core.windows.net/mappers", store.Location);
    }

    [Theory]
    [InlineData("s3://mappers", "it must be a folder, azure://CONTAINER")]
    [InlineData("http://account.blob.core.windows.net/mappers", "it must be a folder, azure://CONTAINER")]
    [InlineData("https://account.blob.core.windows.net/mappers?sig=c2VjcmV0", "without a signature")]
    [InlineData("https://account.blob.core.windows.net", "the container is ''")]
    [InlineData("https://account.blob.core.windows.net/a/b", "the container is 'a/b'")]
    [InlineData("azure://No", "3 to 63 of a-z, 0-9 and single '-'")]
    [InlineData("azure://a--b", "3 to 63 of a-z, 0-9 and single '-'")]
    public void A_location_that_is_none_is_refused_with_the_rule(string location, string expected)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => ArtifactStores.Open(location));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ArtifactStores.ConnectionStringVariable, null);
        _directory.Dispose();
    }
}
