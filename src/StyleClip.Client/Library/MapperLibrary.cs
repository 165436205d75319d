using StyleClip.Client.Http;
using StyleClip.Contracts.Library;

namespace StyleClip.Client.Library;

/// <summary>
/// Pulls mappers into a folder and keeps them there by content. A file becomes visible when its length and sha256 have been verified, not
/// before; an interrupted pull goes on where it stopped; what is there is not fetched again; one file is fetched once however many threads
/// and processes ask for it. Names (which versions does a prompt have?) are asked anew each time, at the price of a 304.
/// </summary>
public sealed class MapperLibrary
{
    private readonly NameCache _names;
    private readonly ArtifactCache _artifacts;

    internal MapperLibrary(GatewayConnection connection, string folder, bool offline)
    {
        Folder = Path.GetFullPath(folder);
        _names = new NameCache(connection, Folder, offline);
        _artifacts = new ArtifactCache(connection, Folder, offline);
    }

    /// <summary>Where files are kept.</summary>
    public string Folder { get; }

    /// <summary>Pulls one version of a prompt's mapper: card, mapper and before/after picture.</summary>
    /// <param name="slug">The prompt as a name.</param>
    /// <param name="version">Number of the version; null: the newest.</param>
    /// <param name="cancellationToken">Gives up; what arrived so far is kept for the next time.</param>
    /// <exception cref="MapperNotFoundException">The catalogue has no such mapper or version.</exception>
    /// <exception cref="ArtifactRejectedException">What arrived is not what the catalogue names.</exception>
    /// <exception cref="NotCachedException">The library is offline and was never asked for this before.</exception>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public async Task<PulledMapper> Pull(string slug, int? version = null, CancellationToken cancellationToken = default)
    {
        CatalogueEntry entry = await _names.Find(slug, cancellationToken).ConfigureAwait(false) ?? throw new MapperNotFoundException($"mapper '{slug}'");
        CatalogueVersion found = entry.Versions.FirstOrDefault(candidate => candidate.Number == (version ?? entry.Latest))
            ?? throw new MapperNotFoundException($"version {version} of '{slug}': it has 1 to {entry.Latest}");
        return await Pull(found.Card, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Pulls the mapper of a card: the form to use where a version was pinned by its card.</summary>
    /// <param name="card">The card as an artifact, as <see cref="CatalogueVersion.Card"/> has it.</param>
    /// <param name="cancellationToken">Gives up; what arrived so far is kept for the next time.</param>
    /// <exception cref="ArtifactRejectedException">What arrived is not what the card names.</exception>
    /// <exception cref="NotCachedException">The library is offline and was never asked for this before.</exception>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public async Task<PulledMapper> Pull(ArtifactRef card, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(card);
        string cardPath = await _artifacts.Fetch(card, cancellationToken).ConfigureAwait(false);
        MapperCard content = GatewayConnection.Parse<MapperCard>(await File.ReadAllBytesAsync(cardPath, cancellationToken).ConfigureAwait(false));
        Task<string> mapper = _artifacts.Fetch(content.Mapper, cancellationToken), strip = _artifacts.Fetch(content.Strip, cancellationToken);
        await Task.WhenAll(mapper, strip).ConfigureAwait(false);
        return new PulledMapper(content, card, cardPath, await mapper.ConfigureAwait(false), await strip.ConfigureAwait(false));
    }

    /// <summary>Makes one artifact a local file.</summary>
    /// <param name="artifact">The artifact.</param>
    /// <param name="cancellationToken">Gives up; what arrived so far is kept for the next time.</param>
    /// <returns>Path of the file. It belongs to the cache: read it, do not change it.</returns>
    /// <exception cref="ArtifactRejectedException">What arrived is not the artifact.</exception>
    /// <exception cref="NotCachedException">The library is offline and was never asked for this before.</exception>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public Task<string> Fetch(ArtifactRef artifact, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return _artifacts.Fetch(artifact, cancellationToken);
    }
}
