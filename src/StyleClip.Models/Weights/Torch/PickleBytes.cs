using Microsoft.Win32.SafeHandles;

namespace StyleClip.Models.Weights;

/// <summary>A byte string of a pickle that stays in its file until it is needed: whole storages lie in such strings.</summary>
internal sealed class PickleBytes(SafeFileHandle handle, long offset, long length, Func<PickleBytes, TorchStorage> load)
{
    private TorchStorage? _storage;

    public long Offset => offset;

    public long Length => length;

    /// <summary>The length of a byte string, read or not; null for anything else.</summary>
    public static long? LengthOf(object value) => value switch
    {
        byte[] bytes => bytes.Length,
        PickleBytes bytes => bytes.Length,
        _ => null,
    };

    public static Stream Open(object value) => value is PickleBytes bytes ? bytes.Open() : new MemoryStream((byte[])value, writable: false);

    public static byte[] Read(object value)
    {
        if (value is byte[] read) return read;
        using Stream stream = Open(value);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The storage that the string is a PyTorch file of; the same object at every call.</summary>
    public TorchStorage Storage() => _storage ??= load(this);

    private FileSlice Open() => new(handle, offset, length);
}
