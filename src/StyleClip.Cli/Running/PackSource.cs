using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Models.Packs;
using StyleClip.Storage.Packs;

namespace StyleClip.Cli.Running;

/// <summary>
/// Finds the pack that a spec names: a folder beside the spec, a pack that ships with the program, or one that the store knows, in this
/// order.
/// </summary>
internal sealed class PackSource
{
    private static readonly string ShippedFolder = Path.Combine(AppContext.BaseDirectory, "packs");

    private readonly PackLibrary _library;
    private readonly string _specFolder;
    private readonly IReadOnlyDictionary<string, Digest> _stored;

    private PackSource(PackLibrary library, string specFolder, IReadOnlyDictionary<string, Digest> stored) =>
        (_library, _specFolder, _stored) = (library, specFolder, stored);

    /// <summary>Looks at what the store knows.</summary>
    public static async Task<PackSource> Open(PackLibrary library, string specFolder, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<string, Digest>(StringComparer.Ordinal);
        await foreach (PackPointer pack in library.List(cancellationToken)) stored[pack.Name] = pack.Pack;
        return new PackSource(library, specFolder, stored);
    }

    /// <summary>What is wrong with a pack's name or path; null where it can be used.</summary>
    public string? Check(string pack) => Folder(pack) is not null || _stored.ContainsKey(pack)
        ? null
        : $"must be a folder with a {PackManifest.FileName}, relative to the spec, or one of: {string.Join(", ", Known().Order(StringComparer.Ordinal))}";

    /// <summary>The pack's manifest; <paramref name="cancellationToken"/> ends the wait for the store.</summary>
    public async Task<PackManifest> Manifest(string pack, CancellationToken cancellationToken) => Folder(pack) is { } folder
        ? FrozenNetworks.ReadManifest(folder)
        : await _library.Read(_stored[pack], cancellationToken);

    /// <summary>Digest of the pack's manifest, whether or not the store holds it.</summary>
    public Digest DigestOf(string pack) => Folder(pack) is { } folder ? Digest.Of(File.ReadAllBytes(Path.Combine(folder, PackManifest.FileName))) : _stored[pack];

    /// <summary>Makes sure that the store holds the pack.</summary>
    public async Task<Digest> Publish(string pack, CancellationToken cancellationToken) => Folder(pack) is { } folder
        ? await _library.Publish(folder, cancellationToken)
        : _stored[pack];

    private string? Folder(string pack) => new[] { Path.Combine(_specFolder, pack), Path.Combine(ShippedFolder, pack) }
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, PackManifest.FileName)));

    private IEnumerable<string> Known() =>
        (Directory.Exists(ShippedFolder) ? Directory.EnumerateDirectories(ShippedFolder).Select(Path.GetFileName).OfType<string>() : []).Union(_stored.Keys);
}
