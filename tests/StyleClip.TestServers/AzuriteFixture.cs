using Xunit;

namespace StyleClip.TestServers;

/// <summary>One Azurite for the tests of a class or an assembly; each test takes a container of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteServer? _server;

    /// <summary>The running server.</summary>
    public AzuriteServer Server => _server ?? throw new InvalidOperationException("The fixture is not initialised.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _server = await AzuriteServer.Start(TestContext.Current.CancellationToken);

    /// <summary>A container name that no other test has.</summary>
    public static string NewContainer() => "t" + Guid.NewGuid().ToString("n");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
