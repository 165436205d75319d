using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StyleClip.Cluster.Nodes;

namespace StyleClip.ControlPlane;

/// <summary>A silo and the simulated nodes that it carries.</summary>
internal sealed class SimulatedSilo : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly SimulatedNode[] _nodes;
    private readonly Task _announcing;

    public SimulatedSilo(IHost host)
    {
        Host = host;
        _nodes = [.. host.Services.GetServices<INodeDevices>().Cast<SimulatedNode>()];
        _announcing = Task.WhenAll(_nodes.Select(node => node.Announce(_ended.Token)));
    }

    public IHost Host { get; }

    /// <summary>Ends everything at once: no checkpoint, no farewell, and the cluster has to find out.</summary>
    public async Task Kill()
    {
        foreach (SimulatedNode node in _nodes) node.Die();
        await Host.StopAsync(new CancellationToken(canceled: true));
        await End();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _announcing;
        await Host.StopAsync();
        await End();
    }

    private async Task End()
    {
        await _ended.CancelAsync();
        await _announcing;
        Host.Dispose();
        _ended.Dispose();
    }
}
