using StyleClip.Cli.Packs;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Directions;

namespace StyleClip.Cli.Directions;

/// <summary>Finds the table that a command was given.</summary>
internal static class TableChoice
{
    /// <summary>A pack's table by name or digest; the newest one where nothing is named.</summary>
    /// <exception cref="InvalidDataException">There is none; the message says which there are.</exception>
    public static async Task<DirectionTableEntry> Find(DirectionLibrary library, PackPlace pack, string? table, CancellationToken cancellationToken)
    {
        var known = new List<DirectionTableEntry>();
        await foreach (DirectionTableEntry entry in library.List(pack.Digest, cancellationToken)) known.Add(entry);
        DirectionTableEntry? found = Digest.TryParse(table, out Digest digest)
            ? known.Find(entry => entry.Table.Digest == digest || entry.Card.Digest == digest)
            : table is null ? known.MaxBy(entry => entry.Published) : known.Find(entry => entry.Name == table);
        if (found is not null) return found;
        throw new InvalidDataException(known.Count == 0
            ? $"The store has no direction table of the pack '{pack.Manifest.Name}' ({pack.Digest}): make one with `styleclip directions build`, or import one."
            : $"The table is '{table}'; the pack '{pack.Manifest.Name}' has {string.Join(", ", known.Select(entry => entry.Name))}.");
    }
}
