using System.Runtime.CompilerServices;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Storage.Directions;

/// <summary>
/// The published direction tables: one document <c>tables/PACK/NAME</c> each, written once, after the table and its card are in the store.
/// </summary>
public sealed class DirectionLibrary(IArtifactStore store, TimeProvider? time = null)
{
    private const string Prefix = "tables/";

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Publishes a table. Publishing the same card again changes nothing.</summary>
    /// <returns>The entry that the name has now, and whether this call made it.</returns>
    /// <exception cref="InvalidDataException">The name is taken by another table, or it is none.</exception>
    /// <exception cref="ArtifactMissingException">The card names a table that is not in the store.</exception>
    /// <exception cref="ArtifactCorruptException">What the store holds is not what the card names.</exception>
    public async Task<(DirectionTableEntry Entry, bool IsNew)> Publish(DirectionTableCard card, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(card);
        string document = NameOf(card.Pack.Digest, card.Name);
        await store.CopyVerified(card.Table, Stream.Null, cancellationToken).ConfigureAwait(false);
        ArtifactRef stored = await store.PutJson(card, cancellationToken).ConfigureAwait(false);
        var entry = new DirectionTableEntry
        {
            Name = card.Name,
            Pack = card.Pack.Digest,
            Card = stored,
            Table = card.Table,
            Spec = card.Spec,
            Published = _time.GetUtcNow(),
        };
        DirectionTableEntry now = await store.UpdateDocument<DirectionTableEntry>(document, seen => seen ?? entry, cancellationToken).ConfigureAwait(false);
        return now.Card == stored
            ? (now, ReferenceEquals(now, entry))
            : throw new InvalidDataException($"The pack already has another table with the name '{card.Name}'; tables never change, so this one needs another name.");
    }

    /// <summary>A pack's table by name; null where there is none.</summary>
    /// <exception cref="InvalidDataException">No table can have this name.</exception>
    public Task<DirectionTableEntry?> Find(Digest pack, string name, CancellationToken cancellationToken) =>
        store.ReadDocument<DirectionTableEntry>(NameOf(pack, name), cancellationToken);

    /// <summary>What is wrong with a name for a table of <paramref name="spec"/>, as a rule; null where it is free, or that table's already.</summary>
    /// <exception cref="InvalidDataException">No table can have this name.</exception>
    public async Task<string?> NameProblem(Digest pack, string name, DirectionTableSpec spec, CancellationToken cancellationToken) =>
        await Find(pack, name, cancellationToken).ConfigureAwait(false) is { } taken && taken.Spec != spec
            ? "must be another name: the pack has a table of other options by it, and tables never change"
            : null;

    /// <summary>Every table, or those of one pack, in ordinal order of packs and names.</summary>
    public async IAsyncEnumerable<DirectionTableEntry> List(Digest? pack, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string document in store.ListDocuments(pack is { } only ? $"{Prefix}{only.Hex}/" : Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (await store.ReadDocument<DirectionTableEntry>(document, cancellationToken).ConfigureAwait(false) is { } entry) yield return entry;
        }
    }

    /// <summary>Reads the card of a table.</summary>
    public async Task<DirectionTableCard> ReadCard(DirectionTableEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return ContractJson.FromBytes<DirectionTableCard>(await store.Read(entry.Card, cancellationToken).ConfigureAwait(false), $"Card {entry.Card.Digest}");
    }

    private static string NameOf(Digest pack, string name)
    {
        if (name.Length is 0 or > 60 || name.Contains('/', StringComparison.Ordinal))
            throw new InvalidDataException($"'{name}' is no name of a table: it must be 1 to 60 of a-z, 0-9, '.', '_' and '-'.");
        string document = $"{Prefix}{pack.Hex}/{name}";
        try
        {
            DocumentName.Require(document);
            return document;
        }
        catch (ArgumentException)
        {
            throw new InvalidDataException($"'{name}' is no name of a table: it must be 1 to 60 of a-z, 0-9, '.', '_' and '-', with no dot at either end.");
        }
    }
}
