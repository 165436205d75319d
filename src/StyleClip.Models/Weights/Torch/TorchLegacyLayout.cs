using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>
/// The layout of torch.save before PyTorch 1.6: pickles of a magic number, a protocol version, the machine, the object and the list of
/// storage keys, then for each key the element count and the raw elements.
/// </summary>
internal static class TorchLegacyLayout
{
    private const long MaxPickleBytes = 64 << 20;
    private const long Protocol = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    public static TorchFile Read(string path, SafeFileHandle handle)
    {
        long length = RandomAccess.GetLength(handle);
        using BufferedStream stream = new(new FileSlice(handle, 0, length), 1 << 16);
        PickleReader reader = new(stream, Math.Min(length, MaxPickleBytes));
        RequireStart(reader);
        if (Load(reader) is not Protocol) throw new InvalidDataException($"the file's protocol is not {Protocol}");
        if (Load(reader) is not TorchDict machine || !machine.TryGetValue("little_endian", out object? little) || little is not true)
            throw new InvalidDataException("the file was not written in little-endian byte order");
        Dictionary<string, TorchStorage> storages = new(StringComparer.Ordinal);
        object? root = new Unpickler(reader, allowModules: false, id => FindStorage(path, id, storages)).Load();
        GraphCheck.Require(root);
        if (Load(reader) is not List<object?> keys) throw new InvalidDataException("the list of storages is missing");
        Locate(keys, storages, handle, reader.Consumed, length);
        return new TorchFile(path, handle, root, storages.Values, classes: null);
    }

    private static void RequireStart(PickleReader reader)
    {
        const string Unknown = "the file is neither a zip archive nor begins with PyTorch's magic number; it is no PyTorch file or is damaged";
        try
        {
            if (Load(reader) is not BigInteger magic || magic != Magic) throw new InvalidDataException(Unknown);
        }
        catch (InvalidDataException error) when (error.Message != Unknown)
        {
            throw new InvalidDataException(Unknown, error);
        }
    }

    private static object? Load(PickleReader reader) =>
        new Unpickler(reader, allowModules: false, _ => throw new InvalidDataException("a storage is mentioned outside the object")).Load();

    private static TorchStorage FindStorage(string path, object? id, Dictionary<string, TorchStorage> storages)
    {
        if (id is not object?[] { Length: 6 } parts || parts[0] is not "storage" || parts[1] is not PickleGlobal { Storage: ScalarType dtype } || parts[2] is not string key || parts[4] is not long count)
            throw new InvalidDataException("a persistent id of the pickle is not a storage");
        if (parts[5] is not null) throw new InvalidDataException($"the storage {key} is a view of another, as PyTorch before 0.4 wrote them; save the file again with a newer version");
        if (storages.TryGetValue(key, out TorchStorage? known))
        {
            return known.Dtype == dtype && known.Count == count ? known
                : throw new InvalidDataException($"the storage {key} is {count} {dtype} here and {known.Count} {known.Dtype} elsewhere");
        }

        if (count < 0) throw new InvalidDataException($"the storage {key} is declared as {count} elements");
        TorchStorage storage = new(path, key, dtype, count);
        storages.Add(key, storage);
        return storage;
    }

    private static void Locate(List<object?> keys, Dictionary<string, TorchStorage> storages, SafeFileHandle handle, long position, long length)
    {
        foreach (object? item in keys)
        {
            if (item is not string key || !storages.TryGetValue(key, out TorchStorage? storage)) throw new InvalidDataException($"the list of storages names \"{item}\", which no tensor uses");
            if (storage.Fill is not null) throw new InvalidDataException($"the list of storages names {key} twice");
            if (length - position < sizeof(long)) throw new InvalidDataException($"the file ends before the storage {key}; it is truncated");
            long count = BinaryPrimitives.ReadInt64LittleEndian(ZipDirectory.ReadAt(handle, position, sizeof(long)));
            position += sizeof(long);
            if (count != storage.Count) throw new InvalidDataException($"the storage {key} is declared as {storage.Count} elements and has {count}");
            Int128 bytes = (Int128)count * TorchStorage.ElementSize(storage.Dtype);
            if (bytes > length - position) throw new InvalidDataException($"the storage {key} needs {bytes} bytes; {length - position} follow. The file is truncated");
            FileSlice slice = new(handle, position, (long)bytes);
            storage.Fill = tensor => TensorBytes.Read(slice, tensor);
            position += (long)bytes;
        }

        if (storages.Values.FirstOrDefault(storage => storage.Fill is null) is { } missing) throw new InvalidDataException($"the file lacks the storage {missing.Key}");
    }
}
