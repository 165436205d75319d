using System.Collections.Immutable;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>A tensor of a PyTorch file, read when it is asked for.</summary>
public sealed class TorchTensor
{
    private const long MaxExpandedElements = 1 << 24;

    private readonly TorchStorage _storage;
    private readonly long _offset;

    /// <summary>Checks that the view lies inside the storage: as_strided is the door to arbitrary memory.</summary>
    internal TorchTensor(TorchStorage storage, long offset, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        if (shape.Length != strides.Length) throw new InvalidDataException($"a tensor has {shape.Length} dimensions and {strides.Length} strides");
        _storage = storage;
        _offset = offset;
        Shape = [.. shape];
        Strides = [.. strides];
        Int128 last = offset, count = 1, nonZero = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            if (shape[i] < 0 || strides[i] < 0) throw new InvalidDataException($"a tensor has the shape {Models.Shape.Format(shape)} and strides {Models.Shape.Format(strides)}; neither may be negative");
            last += (Int128)(shape[i] - 1) * strides[i];
            count *= shape[i];
            nonZero *= Math.Max(shape[i], 1);
            if (nonZero > long.MaxValue / 16) throw new InvalidDataException($"a tensor has the shape {Models.Shape.Format(shape)}, whose size overflows");
        }

        if (offset < 0 || offset > storage.Count || (count > 0 && last >= storage.Count))
            throw new InvalidDataException($"a tensor of shape {Models.Shape.Format(shape)}, strides {Models.Shape.Format(strides)} and offset {offset} reaches outside its storage of {storage.Count} elements");
        if (count > storage.Count && count > MaxExpandedElements)
            throw new InvalidDataException($"a tensor of shape {Models.Shape.Format(shape)} expands a storage of {storage.Count} elements; the limit is {MaxExpandedElements}");
    }

    /// <summary>Where the elements are.</summary>
    internal TorchStorage Storage => _storage;

    /// <summary>The element type.</summary>
    public ScalarType Dtype => _storage.Dtype;

    /// <summary>The size of every dimension.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Elements between neighbours along every dimension, as saved.</summary>
    public ImmutableArray<long> Strides { get; }

    /// <summary>
    /// Reads the tensor. Tensors that share a storage in the file share memory here too, and strides stay as saved, so that memory
    /// never exceeds what the file holds: clone before writing, <c>contiguous()</c> before using bytes.
    /// </summary>
    /// <returns>A CPU tensor that outlives the file; the caller disposes it.</returns>
    /// <exception cref="WeightsException">The data is damaged.</exception>
    public Tensor ToTensor() => _storage.Tensor.as_strided([.. Shape], [.. Strides], _storage.Offset + _offset);
}
