using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;

namespace StyleClip.Storage.Packs;

/// <summary>A pack's files in a folder.</summary>
internal static class PackFiles
{
    /// <summary>Passes where the file is the one that the manifest pins.</summary>
    /// <exception cref="FileNotFoundException">It is missing.</exception>
    /// <exception cref="InvalidDataException">It is another one.</exception>
    public static async Task Require(string directory, PackFile file, CancellationToken cancellationToken)
    {
        string path = Path.Combine(directory, file.Path);
        long size = new FileInfo(path).Length;
        if (size != file.SizeBytes) throw new InvalidDataException($"{path} has {size} bytes; the pack's manifest says {file.SizeBytes}.");
        Digest found = await DigestOf(path, cancellationToken).ConfigureAwait(false);
        if (found != file.Digest) throw new InvalidDataException($"{path} has the digest {found}; the pack's manifest says {file.Digest}.");
    }

    /// <summary>True where <paramref name="folder"/> holds the pack of this digest, every byte of it.</summary>
    public static async Task<bool> IsWhole(string folder, Digest pack, CancellationToken cancellationToken)
    {
        string manifestPath = Path.Combine(folder, PackManifest.FileName);
        if (!File.Exists(manifestPath)) return false;
        byte[] bytes = await File.ReadAllBytesAsync(manifestPath, cancellationToken).ConfigureAwait(false);
        if (Digest.Of(bytes) != pack) return false;
        foreach (PackFile file in ContractJson.FromBytes<PackManifest>(bytes, manifestPath).Files.Values)
        {
            string path = Path.Combine(folder, file.Path);
            if (!File.Exists(path) || await DigestOf(path, cancellationToken).ConfigureAwait(false) != file.Digest) return false;
        }

        return true;
    }

    private static async Task<Digest> DigestOf(string path, CancellationToken cancellationToken)
    {
        FileStream stream = File.OpenRead(path);
        await using (stream.ConfigureAwait(false)) return await Digest.OfAsync(stream, cancellationToken).ConfigureAwait(false);
    }
}
