using StyleClip.TestServers;

namespace StyleClip.Faults.Tests;

/// <summary>A blob service that can go away for the nodes while the test still sees it.</summary>
internal sealed class BlobService : IAsyncDisposable
{
    private readonly AzuriteServer _server;
    private readonly FaultProxy _proxy;

    private BlobService(AzuriteServer server, FaultProxy proxy) => (_server, _proxy) = (server, proxy);

    public string Connection => _server.ConnectionString;

    public string NodeConnection => AzuriteServer.ConnectionStringAt(_proxy.Port);

    public static async Task<BlobService> Start(CancellationToken cancellationToken)
    {
        AzuriteServer server = await AzuriteServer.Start(cancellationToken);
        return new BlobService(server, await FaultProxy.Start(server.Port));
    }

    /// <summary>Refuses the nodes for that time.</summary>
    public async Task GoAwayFor(TimeSpan time, CancellationToken cancellationToken)
    {
        await _proxy.GoAway();
        await Task.Delay(time, cancellationToken); // the outage itself
        await _proxy.ComeBack();
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }
}
