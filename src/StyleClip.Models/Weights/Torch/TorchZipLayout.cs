using System.Text;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>The layout of torch.save since PyTorch 1.6 and of TorchScript archives: one pickle and one entry a storage.</summary>
internal static class TorchZipLayout
{
    private const int MaxPickleBytes = 64 << 20;
    private const string PickleName = "data.pkl";

    public static TorchFile Read(string path, SafeFileHandle handle)
    {
        ZipDirectory zip = ZipDirectory.Read(handle);
        string folder = Folder(zip);
        if (zip.Find(folder + "byteorder")?.ReadAll(64) is { } order && Encoding.ASCII.GetString(order).Trim() != "little")
            throw new InvalidDataException("the file was written in big-endian byte order; little-endian files are read");
        bool isScript = zip.Find(folder + "constants.pkl") is not null;
        byte[] pickle = zip.Find(folder + PickleName)!.ReadAll(MaxPickleBytes);
        Dictionary<string, TorchStorage> storages = new(StringComparer.Ordinal);
        using MemoryStream stream = new(pickle);
        object? root = new Unpickler(new PickleReader(stream, pickle.Length), isScript, id => FindStorage(path, id, zip, folder, storages)).Load();
        GraphCheck.Require(root);
        return new TorchFile(path, handle, root, storages.Values, isScript ? new TorchScriptClasses(zip, folder) : null);
    }

    private static string Folder(ZipDirectory zip)
    {
        string[] pickles = [.. zip.Entries.Select(entry => entry.Name).Where(name => name.Split('/') is [_, PickleName])];
        return pickles.Length == 1
            ? pickles[0][..^PickleName.Length]
            : throw new InvalidDataException($"the archive has {pickles.Length} entries named data.pkl in a top folder; a PyTorch file has one");
    }

    private static TorchStorage FindStorage(string path, object? id, ZipDirectory zip, string folder, Dictionary<string, TorchStorage> storages)
    {
        if (id is not object?[] { Length: >= 5 } parts || parts[0] is not "storage" || parts[1] is not PickleGlobal { Storage: ScalarType dtype } || parts[2] is not string key || parts[4] is not long count)
            throw new InvalidDataException("a persistent id of the pickle is not a storage");
        if (storages.TryGetValue(key, out TorchStorage? known))
        {
            return known.Dtype == dtype && known.Count == count ? known
                : throw new InvalidDataException($"the storage {key} is {count} {dtype} here and {known.Count} {known.Dtype} elsewhere");
        }

        ZipEntry entry = zip.Find($"{folder}data/{key}") ?? throw new InvalidDataException($"the archive lacks the storage {key}");
        if (count < 0 || count != entry.Bytes / TorchStorage.ElementSize(dtype) || entry.Bytes % TorchStorage.ElementSize(dtype) != 0)
            throw new InvalidDataException($"the storage {key} is declared as {count} {dtype} and has {entry.Bytes} bytes");
        TorchStorage storage = new(path, key, dtype, count) { Fill = entry.ReadInto };
        storages.Add(key, storage);
        return storage;
    }
}
