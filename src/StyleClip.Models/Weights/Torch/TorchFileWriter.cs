using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>
/// Writes the zip layout of torch.save, so that <c>torch.load</c> opens the file, with <c>weights_only</c> too. The same values give the
/// same bytes.
/// </summary>
public static class TorchFileWriter
{
    private const string Folder = "archive/";
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the earliest that a zip can say

    /// <summary>Writes an object to a stream.</summary>
    /// <param name="s">The stream.</param>
    /// <param name="root">
    /// null, bool, int, long, double, string, <see cref="Tensor"/>, lists of such values, and pairs of a string and such a value: a
    /// sequence of pairs becomes a dict, a <see cref="StateDict"/> an OrderedDict.
    /// </param>
    /// <exception cref="WeightsException">A value is of another kind.</exception>
    public static void Write(Stream s, object? root)
    {
        ArgumentNullException.ThrowIfNull(s);
        PickleWriter pickle = new();
        pickle.WriteRoot(root);
        using ZipArchive zip = new(s, ZipArchiveMode.Create, leaveOpen: true);
        Add(zip, "data.pkl", pickle.ToArray());
        Add(zip, "byteorder", "little"u8);
        for (int i = 0; i < pickle.Tensors.Count; i++)
        {
            using Stream entry = Entry(zip, $"data/{i}").Open();
            using DisposeScope scope = NewDisposeScope();
            TensorBytes.Write(entry, pickle.Tensors[i].detach().cpu().contiguous());
        }

        Add(zip, "version", "3\n"u8);
    }

    /// <summary>Writes an object to a file, which appears under its name only when complete.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="root">As for <see cref="Write(Stream, object)"/>.</param>
    public static void Write(string path, object? root)
    {
        string partial = path + ".partial";
        using (FileStream stream = new(partial, FileMode.Create, FileAccess.ReadWrite, FileShare.None)) Write(stream, root);
        File.Move(partial, path, overwrite: true);
    }

    private static void Add(ZipArchive zip, string name, ReadOnlySpan<byte> content)
    {
        using Stream entry = Entry(zip, name).Open();
        entry.Write(content);
    }

    private static ZipArchiveEntry Entry(ZipArchive zip, string name)
    {
        ZipArchiveEntry entry = zip.CreateEntry(Folder + name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Epoch;
        return entry;
    }
}
