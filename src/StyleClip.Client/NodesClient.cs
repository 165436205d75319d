using StyleClip.Client.Http;
using StyleClip.Contracts.Nodes;

namespace StyleClip.Client;

/// <summary>The nodes of a cluster.</summary>
public sealed class NodesClient
{
    private readonly GatewayConnection _connection;

    internal NodesClient(GatewayConnection connection) => _connection = connection;

    /// <summary>Every node that the cluster knows, by name.</summary>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public async Task<IReadOnlyList<NodeStatus>> List(CancellationToken cancellationToken = default) =>
        await _connection.Send<NodeStatus[]>(HttpMethod.Get, "nodes", cancellationToken).ConfigureAwait(false);

    /// <summary>Gives the node no new work; what runs goes on.</summary>
    /// <exception cref="GatewayException">There is no such node, or the gateway refused otherwise.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public Task<NodeStatus> Cordon(string node, CancellationToken cancellationToken = default) => Post(node, "cordon", cancellationToken);

    /// <summary>Gives the node work again.</summary>
    /// <inheritdoc cref="Cordon"/>
    public Task<NodeStatus> Uncordon(string node, CancellationToken cancellationToken = default) => Post(node, "uncordon", cancellationToken);

    /// <summary>Gives the node no new work and moves what runs elsewhere.</summary>
    /// <inheritdoc cref="Cordon"/>
    public Task<NodeStatus> Drain(string node, CancellationToken cancellationToken = default) => Post(node, "drain", cancellationToken);

    private Task<NodeStatus> Post(string node, string verb, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(node);
        return _connection.Send<NodeStatus>(HttpMethod.Post, $"nodes/{Uri.EscapeDataString(node)}/{verb}", cancellationToken);
    }
}
