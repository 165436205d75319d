using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Domain;

namespace StyleClip.Storage.Packs;

/// <summary>
/// Packs in an artifact store. A pack is named by the digest of its manifest; a name such as <c>demo</c> may move to another one.
/// </summary>
public sealed class PackLibrary(IArtifactStore store)
{
    private const string Prefix = "packs/";
    private const long MaxManifestBytes = 16 << 20;

    private readonly ConcurrentDictionary<string, bool> _verifiedFolders = new(StringComparer.Ordinal);

    /// <summary>
    /// Stores the pack in <paramref name="directory"/> and lets its name stand for it, with the calibration that lies beside it, if there is
    /// one. Publishing the same pack again changes nothing.
    /// </summary>
    /// <returns>Digest of the manifest.</returns>
    /// <exception cref="InvalidDataException">The manifest breaks a rule, or a file is not the one that the manifest pins.</exception>
    /// <exception cref="FileNotFoundException">The manifest or one of its files is missing.</exception>
    public async Task<Digest> Publish(string directory, CancellationToken cancellationToken)
    {
        string manifestPath = Path.Combine(directory, PackManifest.FileName);
        byte[] bytes = await ReadManifestFile(manifestPath, cancellationToken).ConfigureAwait(false);
        PackManifest manifest = Parse(bytes, manifestPath);
        foreach (PackFile file in manifest.Files.Values)
            await PackFiles.Require(directory, file, cancellationToken).ConfigureAwait(false);

        // Everything is whole: only now the store changes, the manifest after what it names and the name last.
        foreach (PackFile file in manifest.Files.Values)
        {
            FileStream content = File.OpenRead(Path.Combine(directory, file.Path));
            await using (content.ConfigureAwait(false))
                await store.Put(content, MediaTypes.Safetensors, cancellationToken).ConfigureAwait(false);
        }

        ArtifactRef stored = await store.Put(bytes, MediaTypes.Json, cancellationToken).ConfigureAwait(false);
        var pointer = new PackPointer(manifest.Name, stored.Digest);
        await store.UpdateDocument<PackPointer>(
            Prefix + manifest.Name, seen => seen == pointer ? seen : pointer, cancellationToken).ConfigureAwait(false);
        await new CalibrationLibrary(store).PublishBeside(directory, stored.Digest, cancellationToken).ConfigureAwait(false);
        return stored.Digest;
    }

    /// <summary>The pack that <paramref name="name"/> stands for now; null where there is none.</summary>
    public async Task<Digest?> Find(string name, CancellationToken cancellationToken) =>
        (await store.ReadDocument<PackPointer>(Prefix + name, cancellationToken).ConfigureAwait(false))?.Pack;

    /// <summary>Every name and the pack that it stands for, by name.</summary>
    public async IAsyncEnumerable<PackPointer> List([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string document in store.ListDocuments(Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (await store.ReadDocument<PackPointer>(document, cancellationToken).ConfigureAwait(false) is { } pointer) yield return pointer;
        }
    }

    /// <summary>Reads a pack's manifest.</summary>
    /// <exception cref="ArtifactMissingException">The store does not hold it.</exception>
    /// <exception cref="InvalidDataException">It breaks a rule.</exception>
    public async Task<PackManifest> Read(Digest pack, CancellationToken cancellationToken) =>
        Parse(await store.ReadVerified(pack, cancellationToken).ConfigureAwait(false), $"Pack {pack}");

    /// <summary>
    /// Makes the pack a local folder, with the manifest and every file verified. It is fetched once, however many threads and processes ask
    /// for it, and appears whole or not at all.
    /// </summary>
    /// <param name="pack">Digest of the manifest.</param>
    /// <param name="cacheDirectory">Where folders of packs are kept; each is named by its digest.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="ArtifactMissingException">The store does not hold the pack or one of its files.</exception>
    /// <exception cref="ArtifactCorruptException">The store holds damaged bytes.</exception>
    public async Task<string> Fetch(Digest pack, string cacheDirectory, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(Path.GetFullPath(cacheDirectory), pack.Hex);
        if (_verifiedFolders.ContainsKey(folder) && Directory.Exists(folder)) return folder;

        using FileLock alone = await FileLock.Take(folder + ".lock", cancellationToken).ConfigureAwait(false);
        if (!await PackFiles.IsWhole(folder, pack, cancellationToken).ConfigureAwait(false))
        {
            string partial = folder + ".partial"; // nobody else's: the lock is held. What a killed process left there goes away.
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(partial);
            await Download(pack, partial, cancellationToken).ConfigureAwait(false);
            Directory.Move(partial, folder);
        }

        _verifiedFolders[folder] = true;
        return folder;
    }

    private static async Task<byte[]> ReadManifestFile(string path, CancellationToken cancellationToken)
    {
        long size = new FileInfo(path).Length;
        if (size > MaxManifestBytes) throw new InvalidDataException($"{path} has {size} bytes; a manifest has at most {MaxManifestBytes}.");
        return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
    }

    // The validator also sees to it that file names are plain, so that no manifest writes outside its folder.
    private static PackManifest Parse(byte[] bytes, string place)
    {
        PackManifest manifest = ContractJson.FromBytes<PackManifest>(bytes, place);
        IReadOnlyList<string> problems = PackValidator.Validate(manifest);
        return problems.Count == 0
            ? manifest
            : throw new InvalidDataException($"{place} is not a valid pack: {string.Join("; ", problems)}.");
    }

    private async Task Download(Digest pack, string folder, CancellationToken cancellationToken)
    {
        byte[] bytes = await store.ReadVerified(pack, cancellationToken).ConfigureAwait(false);
        foreach (PackFile file in Parse(bytes, $"Pack {pack}").Files.Values)
        {
            var artifact = new ArtifactRef(file.Digest, file.SizeBytes, MediaTypes.Safetensors);
            FileStream destination = File.Create(Path.Combine(folder, file.Path));
            await using (destination.ConfigureAwait(false))
                await store.CopyVerified(artifact, destination, cancellationToken).ConfigureAwait(false);
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, PackManifest.FileName), bytes, cancellationToken).ConfigureAwait(false);
    }
}
