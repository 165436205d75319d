using Microsoft.Win32.SafeHandles;

namespace StyleClip.Models.Weights;

/// <summary>
/// A bare pickle, as NVIDIA's networks and StyleSpace statistics come: one object, whose storages are PyTorch files in the old layout
/// inside byte strings.
/// </summary>
internal static class TorchPickleLayout
{
    public static TorchFile Read(string path, SafeFileHandle handle)
    {
        long length = RandomAccess.GetLength(handle);
        PickleBudget budget = new();
        Dictionary<long, TorchStorage> storages = [];
        using BufferedStream stream = new(new FileSlice(handle, 0, length), 1 << 16);
        PickleReader reader = new(stream, length, (offset, count) => new PickleBytes(handle, offset, count, Load));
        object? root = new Unpickler(reader, allowModules: false, _ => throw new InvalidDataException("a storage is mentioned outside a PyTorch file"), budget).Load();
        GraphCheck.Require(root);
        if (reader.Consumed != length) throw new InvalidDataException($"{length - reader.Consumed} bytes follow the end of the pickle");
        return new TorchFile(path, handle, root, storages.Values, classes: null);

        TorchStorage Load(PickleBytes bytes)
        {
            if (storages.TryGetValue(bytes.Offset, out TorchStorage? known)) return known;
            TorchStorage storage = TorchLegacyLayout.ReadStorage(path, handle, bytes.Offset, bytes.Length, budget);
            storages.Add(bytes.Offset, storage);
            return storage;
        }
    }
}
