using System.Runtime.CompilerServices;
using StyleClip.Client.Http;
using StyleClip.Contracts.Library;

namespace StyleClip.Client.Library;

/// <summary>The catalogue of published mappers, as the gateway has it now.</summary>
public sealed class MappersClient
{
    private readonly GatewayConnection _connection;

    internal MappersClient(GatewayConnection connection) => _connection = connection;

    /// <summary>Every prompt that has a published mapper, in the order of the slugs.</summary>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public async IAsyncEnumerable<CatalogueEntry> List([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (string? after = null; ;)
        {
            CataloguePage page = await _connection.Send<CataloguePage>(HttpMethod.Get, after is null ? "catalogue" : $"catalogue?after={Uri.EscapeDataString(after)}", cancellationToken).ConfigureAwait(false);
            foreach (CatalogueEntry entry in page.Items) yield return entry;
            if (page.Next is null) yield break;
            after = page.Next;
        }
    }

    /// <summary>Every version of a prompt's mapper; null where there is none.</summary>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public Task<CatalogueEntry?> Find(string slug, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(slug);
        return _connection.Find<CatalogueEntry>($"catalogue/{Uri.EscapeDataString(slug)}", cancellationToken);
    }

    /// <summary>The card of one version, the newest one where <paramref name="version"/> is null; null where there is none.</summary>
    /// <exception cref="GatewayException">The gateway refused or failed.</exception>
    /// <exception cref="GatewayUnreachableException">No gateway answered.</exception>
    public Task<MapperCard?> FindCard(string slug, int? version = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(slug);
        string number = version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "latest";
        return _connection.Find<MapperCard>($"catalogue/{Uri.EscapeDataString(slug)}/versions/{number}", cancellationToken);
    }
}
