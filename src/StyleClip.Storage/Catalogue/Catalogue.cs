using System.Runtime.CompilerServices;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Storage.Catalogue;

/// <summary>
/// The published mappers. Per prompt one document <c>catalogue/SLUG</c> lists the versions, each of which points to immutable artifacts;
/// it changes after they are in the store, so that a reader never sees half a version.
/// </summary>
public sealed class Catalogue(IArtifactStore store, TimeProvider? time = null)
{
    private const string Prefix = "catalogue/";

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>
    /// Makes the mapper of <paramref name="card"/> the newest version of its prompt. A card that was published before stays the version
    /// that it is.
    /// </summary>
    /// <returns>The prompt's entry, which holds the card.</returns>
    /// <exception cref="ArtifactMissingException">The card names a mapper or a strip that is not in the store.</exception>
    /// <exception cref="ArtifactCorruptException">What the store holds is not what the card names.</exception>
    public async Task<CatalogueEntry> Publish(MapperCard card, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(card);
        await store.CopyVerified(card.Mapper, Stream.Null, cancellationToken).ConfigureAwait(false);
        await store.CopyVerified(card.Strip, Stream.Null, cancellationToken).ConfigureAwait(false);
        ArtifactRef stored = await store.PutJson(card, cancellationToken).ConfigureAwait(false);
        return await store.UpdateDocument<CatalogueEntry>(
            NameOf(card.Slug), entry => WithVersion(entry, card, stored), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Everything published for a prompt; null where nothing was.</summary>
    /// <exception cref="ArgumentException"><paramref name="slug"/> is not a slug.</exception>
    public Task<CatalogueEntry?> Find(string slug, CancellationToken cancellationToken) =>
        store.ReadDocument<CatalogueEntry>(NameOf(slug), cancellationToken);

    /// <summary>
    /// One version of a prompt's mapper, the newest one where <paramref name="version"/> is null; null where there is none.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="slug"/> is not a slug.</exception>
    public async Task<CatalogueVersion?> Find(string slug, int? version, CancellationToken cancellationToken)
    {
        CatalogueEntry? entry = await Find(slug, cancellationToken).ConfigureAwait(false);
        return entry?.Versions.FirstOrDefault(candidate => candidate.Number == (version ?? entry.Latest));
    }

    /// <summary>
    /// The version whose card or mapper has this digest; the first one in the order of slugs where several share a mapper.
    /// </summary>
    public async Task<CatalogueVersion?> Find(Digest digest, CancellationToken cancellationToken)
    {
        await foreach (CatalogueEntry entry in List(cancellationToken).ConfigureAwait(false))
        {
            CatalogueVersion? found = entry.Versions.FirstOrDefault(
                version => version.Card.Digest == digest || version.Mapper.Digest == digest);
            if (found is not null) return found;
        }

        return null;
    }

    /// <summary>Reads the card of a version.</summary>
    public async Task<MapperCard> ReadCard(CatalogueVersion version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        byte[] bytes = await store.Read(version.Card, cancellationToken).ConfigureAwait(false);
        return ContractJson.FromBytes<MapperCard>(bytes, $"Card {version.Card.Digest}");
    }

    /// <summary>Every entry, in ordinal order of the slugs.</summary>
    public async IAsyncEnumerable<CatalogueEntry> List([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string document in store.ListDocuments(Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (await store.ReadDocument<CatalogueEntry>(document, cancellationToken).ConfigureAwait(false) is { } entry) yield return entry;
        }
    }

    private static string NameOf(string slug)
    {
        ArgumentException.ThrowIfNullOrEmpty(slug);
        return slug.Contains('/', StringComparison.Ordinal)
            ? throw new ArgumentException($"'{slug}' is not a slug.", nameof(slug))
            : Prefix + slug;
    }

    private CatalogueEntry WithVersion(CatalogueEntry? entry, MapperCard card, ArtifactRef stored)
    {
        IReadOnlyList<CatalogueVersion> versions = entry?.Versions ?? [];
        if (entry is not null && versions.Any(version => version.Card.Digest == stored.Digest)) return entry;
        var added = new CatalogueVersion
        {
            Number = versions.Count + 1,
            Card = stored,
            Mapper = card.Mapper,
            Strip = card.Strip,
            Job = card.Job,
            Pack = card.Pack.Digest,
            ClipGain = card.Metrics.ClipGain,
            IdentitySimilarity = card.Metrics.IdentitySimilarity,
            Published = _time.GetUtcNow(),
            Method = card.Method,
            Domain = card.Domain?.Verdict,
        };
        return new CatalogueEntry { Slug = card.Slug, Prompt = card.Prompt, Versions = [.. versions, added] };
    }
}
