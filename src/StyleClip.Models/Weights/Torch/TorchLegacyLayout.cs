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
    private static readonly byte[] Begin = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    public static bool IsBegin(SafeFileHandle handle)
    {
        Span<byte> start = stackalloc byte[Begin.Length];
        return RandomAccess.Read(handle, start, 0) == start.Length && start.SequenceEqual(Begin);
    }

    public static TorchFile Read(string path, SafeFileHandle handle)
    {
        (object? root, IReadOnlyCollection<TorchStorage> storages) = ReadObject(path, handle, 0, RandomAccess.GetLength(handle), new PickleBudget());
        return new TorchFile(path, handle, root, storages, classes: null);
    }

    /// <summary>Reads a file inside a file whose object is a single storage.</summary>
    public static TorchStorage ReadStorage(string path, SafeFileHandle handle, long offset, long length, PickleBudget budget) =>
        ReadObject(path, handle, offset, length, budget).Root as TorchStorage ?? throw new InvalidDataException("a byte string that should hold a storage holds something else");

    private static (object? Root, IReadOnlyCollection<TorchStorage> Storages) ReadObject(string path, SafeFileHandle handle, long offset, long length, PickleBudget budget)
    {
        using BufferedStream stream = new(new FileSlice(handle, offset, length), (int)Math.Clamp(length, 1, 1 << 16));
        PickleReader reader = new(stream, Math.Min(length, MaxPickleBytes));
        RequireStart(reader, budget);
        if (Load(reader, budget) is not Protocol) throw new InvalidDataException($"the file's protocol is not {Protocol}");
        if (Load(reader, budget) is not TorchDict machine || !machine.TryGetValue("little_endian", out object? little) || little is not true)
            throw new InvalidDataException("the file was not written in little-endian byte order");
        Dictionary<string, TorchStorage> storages = new(StringComparer.Ordinal), views = new(StringComparer.Ordinal);
        object? root = new Unpickler(reader, allowModules: false, id => FindStorage(path, id, storages, views), budget).Load();
        GraphCheck.Require(root);
        if (Load(reader, budget) is not List<object?> keys) throw new InvalidDataException("the list of storages is missing");
        Locate(keys, storages, handle, offset + reader.Consumed, offset + length);
        return (root, storages.Values);
    }

    private static void RequireStart(PickleReader reader, PickleBudget budget)
    {
        const string Unknown = "a storage does not begin with PyTorch's magic number";
        try
        {
            if (Load(reader, budget) is not BigInteger magic || magic != Magic) throw new InvalidDataException(Unknown);
        }
        catch (InvalidDataException error) when (error.Message != Unknown)
        {
            throw new InvalidDataException(Unknown, error);
        }
    }

    private static object? Load(PickleReader reader, PickleBudget budget) =>
        new Unpickler(reader, allowModules: false, _ => throw new InvalidDataException("a storage is mentioned outside the object"), budget).Load();

    private static TorchStorage FindStorage(string path, object? id, Dictionary<string, TorchStorage> storages, Dictionary<string, TorchStorage> views)
    {
        if (id is not object?[] { Length: 6 } parts || parts[0] is not "storage" || parts[1] is not PickleGlobal { Storage: ScalarType dtype } || parts[2] is not string key || parts[4] is not long count)
            throw new InvalidDataException("a persistent id of the pickle is not a storage");
        if (!storages.TryGetValue(key, out TorchStorage? storage))
        {
            if (count < 0) throw new InvalidDataException($"the storage {key} is declared as {count} elements");
            storages.Add(key, storage = new TorchStorage(path, key, dtype, count));
        }

        if (storage.Dtype != dtype || storage.Count != count) throw new InvalidDataException($"the storage {key} is {count} {dtype} here and {storage.Count} {storage.Dtype} elsewhere");
        return parts[5] is null ? storage : View(storage, parts[5], views);
    }

    // PyTorch before 0.4 wrote parts of a storage as storages with a key of their own.
    private static TorchStorage View(TorchStorage storage, object? description, Dictionary<string, TorchStorage> views)
    {
        if (description is not object?[] { Length: 3 } parts || parts[0] is not string key || parts[1] is not long offset || parts[2] is not long length)
            throw new InvalidDataException($"the storage {storage.Key} has a view that is none");
        if (!views.TryGetValue(key, out TorchStorage? view)) views.Add(key, view = storage.View(key, offset, length));
        return view;
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
