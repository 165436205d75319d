using StyleClip.Client.Http;
using StyleClip.Client.Library;
using StyleClip.Client.Sweeps;
using StyleClip.Contracts.Packs;

namespace StyleClip.Client;

/// <summary>
/// A gateway of StyleClip.Training. Safe to use from many threads; one for the life of the program is enough. Requests that fail because
/// the gateway, a node or the store is away for a moment are sent again: nothing is done twice by that.
/// </summary>
public sealed class StyleClipClient : IDisposable
{
    private readonly GatewayConnection _connection;

    /// <summary>Prepares to speak to a gateway. Nothing is sent yet.</summary>
    /// <param name="gateway">Its address, such as <c>http://127.0.0.1:7080</c>.</param>
    /// <param name="apiKey">A key of <c>styleclip key create</c>.</param>
    /// <param name="options">What most programs leave as it is.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https address, or the key is empty.</exception>
    public StyleClipClient(Uri gateway, string apiKey, StyleClipClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        ArgumentException.ThrowIfNullOrWhiteSpace(apiKey);
        if (!gateway.IsAbsoluteUri || gateway.Scheme is not ("http" or "https"))
            throw new ArgumentException($"The gateway is '{gateway}'; it must be an address that begins with http:// or https://.", nameof(gateway));
        _connection = new GatewayConnection(gateway, apiKey, options ?? new StyleClipClientOptions());
        Sweeps = new SweepsClient(_connection);
        Jobs = new JobsClient(_connection);
        Nodes = new NodesClient(_connection);
        Mappers = new MappersClient(_connection);
        Artifacts = new ArtifactsClient(_connection);
    }

    /// <summary>Sweeps: submit, follow, steer.</summary>
    public SweepsClient Sweeps { get; }

    /// <summary>Single jobs of sweeps.</summary>
    public JobsClient Jobs { get; }

    /// <summary>The cluster's nodes.</summary>
    public NodesClient Nodes { get; }

    /// <summary>The published mappers, as the gateway has them now. To pull files, open a <see cref="MapperLibrary"/>.</summary>
    public MappersClient Mappers { get; }

    /// <summary>Immutable bytes by digest.</summary>
    public ArtifactsClient Artifacts { get; }

    /// <summary>The packs that sweeps can name, by name.</summary>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">It did not answer.</exception>
    public async Task<IReadOnlyList<PackSummary>> ListPacks(CancellationToken cancellationToken = default) =>
        await _connection.Send<PackSummary[]>(HttpMethod.Get, "packs", cancellationToken).ConfigureAwait(false);

    /// <summary>Opens a cache of pulled mappers over this client.</summary>
    /// <param name="folder">Where files are kept; shared by any number of programs.</param>
    /// <param name="offline">True: never ask the gateway, use what is there.</param>
    public MapperLibrary OpenLibrary(string folder, bool offline = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return new MapperLibrary(_connection, folder, offline);
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
