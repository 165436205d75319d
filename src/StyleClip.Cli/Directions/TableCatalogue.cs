using System.Globalization;
using StyleClip.Cli.Packs;
using StyleClip.Cli.Remote;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Models.Packs;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Directions;
using StyleClip.Training.Directions;

namespace StyleClip.Cli.Directions;

/// <summary>Looks at published direction tables, and exchanges them with the original program.</summary>
internal sealed class TableCatalogue(IArtifactStore store, TimeProvider time)
{
    private readonly DirectionLibrary _library = new(store, time);

    /// <summary>Every table of the store, or of one pack.</summary>
    public async Task List(PackPlace? pack, CancellationToken cancellationToken)
    {
        var listing = new Listing("name", "pack", "rows", "images", "sigma", "mode", "table");
        await foreach (DirectionTableEntry entry in _library.List(pack?.Digest, cancellationToken))
        {
            DirectionTableCard card = await _library.ReadCard(entry, cancellationToken);
            listing.Add(
                entry.Name,
                card.Pack.Name,
                card.Rows.ToString(CultureInfo.InvariantCulture),
                card.Spec?.Images.ToString(CultureInfo.InvariantCulture) ?? "-",
                card.Spec?.StrengthSigma.ToString(CultureInfo.InvariantCulture) ?? "-",
                card.Spec is null ? "imported" : card.Spec.Mode == ChannelSweepMode.Cumulative ? "cumulative" : "independent",
                entry.Table.Digest.Hex[..16]);
        }

        listing.Write();
    }

    /// <summary>A table's card, as it is in the store.</summary>
    public async Task Show(PackPlace pack, string? table, CancellationToken cancellationToken)
    {
        DirectionTableEntry entry = await TableChoice.Find(_library, pack, table, cancellationToken);
        Console.Write(System.Text.Encoding.UTF8.GetString(ContractJson.ToBytes(await _library.ReadCard(entry, cancellationToken))));
    }

    /// <summary>Writes a table as safetensors, or as the two files of the original program.</summary>
    public async Task Export(PackPlace pack, string? table, bool asNumpy, string path, CancellationToken cancellationToken)
    {
        DirectionTableEntry entry = await TableChoice.Find(_library, pack, table, cancellationToken);
        byte[] bytes = await store.Read(entry.Table, cancellationToken);
        if (asNumpy)
        {
            using DirectionTableFile file = DirectionTableFile.Read(bytes, $"table {entry.Name}");
            PublishedTables.Write(file, path);
            Report(Path.Combine(path, PublishedTables.RowsFile));
            Report(Path.Combine(path, PublishedTables.StatisticsFile));
            return;
        }

        string partial = path + ".partial";
        await File.WriteAllBytesAsync(partial, bytes, cancellationToken);
        File.Move(partial, path, overwrite: true);
        Report(path);

        static void Report(string written) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{written}: {new FileInfo(written).Length:N0} bytes"));
    }

    /// <summary>Publishes a table of the original program.</summary>
    public async Task Import(PackPlace pack, string name, string rowsPath, string statisticsPath, CancellationToken cancellationToken)
    {
        FileOrigin[] origins = [await Origin(rowsPath, "rows of a direction table", cancellationToken), await Origin(statisticsPath, "means and deviations of style channels", cancellationToken)];
        (byte[] table, int rows) = PublishedTables.Read(
            rowsPath,
            statisticsPath,
            PackShapes.Spec(pack.Manifest.Generator),
            pack.Manifest.Clip.EmbedDim,
            new Dictionary<string, string> { ["pack"] = pack.Digest.ToString() });
        var card = new DirectionTableCard
        {
            Name = name,
            Pack = pack.Card(),
            Table = await store.Put(table, MediaTypes.Safetensors, cancellationToken),
            Rows = rows,
            Features = pack.Manifest.Clip.EmbedDim,
            Origins = origins,
        };
        (DirectionTableEntry entry, bool isNew) = await _library.Publish(card, cancellationToken);
        Console.WriteLine($"{entry.Name}: {rows} rows of {card.Features}{(isNew ? "" : ", which was there already")}");
        Console.WriteLine($"  table {entry.Table.Digest}");
    }

    private static async Task<FileOrigin> Origin(string path, string format, CancellationToken cancellationToken)
    {
        await using FileStream content = File.OpenRead(path);
        return new FileOrigin
        {
            File = Path.GetFileName(path),
            Digest = await Digest.OfAsync(content, cancellationToken),
            SizeBytes = content.Length,
            Format = format,
        };
    }
}
