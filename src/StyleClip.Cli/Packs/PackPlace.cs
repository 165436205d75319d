using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Models.Packs;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Packs;

namespace StyleClip.Cli.Packs;

/// <summary>A pack that a command was given, in a folder.</summary>
internal sealed record PackPlace(string Folder, Digest Digest, PackManifest Manifest)
{
    private static readonly string ShippedFolder = Path.Combine(AppContext.BaseDirectory, "packs");

    /// <summary>A folder, a pack that ships with the program, or one that the store knows by name or digest, in this order.</summary>
    /// <exception cref="InvalidDataException">There is none; the message says which there are.</exception>
    public static async Task<PackPlace> Find(string pack, string storeLocation, CancellationToken cancellationToken)
    {
        if (new[] { pack, Path.Combine(ShippedFolder, pack) }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, PackManifest.FileName))) is { } found)
            return await Read(found, cancellationToken);

        using IArtifactStore store = ArtifactStores.Open(storeLocation);
        var library = new PackLibrary(store);
        Digest? digest = Digest.TryParse(pack, out Digest parsed) ? parsed : await library.Find(pack, cancellationToken);
        if (digest is { } known) return await Read(await library.Fetch(known, Path.Combine(ArtifactStores.CacheFolder(storeLocation), "packs"), cancellationToken), cancellationToken);

        var names = new List<string>();
        await foreach (PackPointer pointer in library.List(cancellationToken)) names.Add(pointer.Name);
        throw new InvalidDataException($"The pack is '{pack}'; it must be a folder with a {PackManifest.FileName} or a pack of the store {store.Location}, which has {(names.Count == 0 ? "none" : string.Join(", ", names))}.");
    }

    /// <summary>What a card says of the pack.</summary>
    public CardPack Card() => new(Manifest.Name, Digest, Manifest.Licence, Manifest.Files.ToDictionary(pair => pair.Key, pair => pair.Value.Digest));

    private static async Task<PackPlace> Read(string folder, CancellationToken cancellationToken)
    {
        byte[] manifest = await File.ReadAllBytesAsync(Path.Combine(folder, PackManifest.FileName), cancellationToken);
        return new PackPlace(folder, Digest.Of(manifest), FrozenNetworks.ReadManifest(folder));
    }
}
