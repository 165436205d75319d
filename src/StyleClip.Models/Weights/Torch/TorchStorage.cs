using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>A run of elements in the file, read once, when the first tensor asks for it.</summary>
internal sealed class TorchStorage(string path, string key, ScalarType dtype, long count) : IDisposable
{
    private readonly Lock _lock = new();
    private Tensor? _tensor;
    private bool _disposed;

    public string Key => key;

    public ScalarType Dtype => dtype;

    public long Count => count;

    /// <summary>Fills a flat tensor with the elements; set once the file's layout is known.</summary>
    public Action<Tensor>? Fill { get; set; }

    /// <summary>Where this storage begins in <see cref="Tensor"/>.</summary>
    public long Offset { get; private init; }

    /// <summary>The elements; those of the whole, where this is a part of another storage.</summary>
    public Tensor Tensor
    {
        get
        {
            if (Parent is not null) return Parent.Tensor;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, typeof(TorchFile));
                return _tensor ??= Load();
            }
        }
    }

    private TorchStorage? Parent { get; init; }

    /// <summary>A part of this storage as a storage of its own, sharing memory.</summary>
    public TorchStorage View(string viewKey, long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > count - length) throw new InvalidDataException($"the storage {viewKey} of {length} elements at {offset} lies outside {key}, which has {count}");
        return new TorchStorage(path, viewKey, dtype, length) { Parent = this, Offset = offset };
    }

    /// <summary>Bytes of one element.</summary>
    public static int ElementSize(ScalarType dtype) => dtype switch
    {
        ScalarType.ComplexFloat64 => 16,
        ScalarType.ComplexFloat32 => 8,
        _ => SafetensorsDtypes.Size(dtype),
    };

    /// <summary>Forgets the elements; they are read again if another tensor asks for them.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _tensor?.Dispose();
            _tensor = null;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _tensor?.Dispose();
        }
    }

    private Tensor Load()
    {
        Tensor tensor = empty(count, dtype, CPU).DetachFromDisposeScope();
        try
        {
            (Fill ?? throw new InvalidOperationException("The storage has no source."))(tensor);
            if (TensorBytes.HasInvalidBool(tensor)) throw new InvalidDataException($"the bool storage {key} has bytes other than 0 and 1");
            return tensor;
        }
        catch (Exception error)
        {
            tensor.Dispose();
            if (WeightsException.IsDamage(error)) throw WeightsException.Damaged(path, error);
            throw;
        }
    }
}
