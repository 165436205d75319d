using System.Collections.Immutable;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>A NumPy array inside a PyTorch file.</summary>
public sealed class NumpyArray
{
    private object _bytes = Array.Empty<byte>(); // byte[] or PickleBytes
    private bool _isColumnMajor;

    internal NumpyArray()
    {
    }

    /// <summary>The element type.</summary>
    public ScalarType Dtype { get; private set; } = ScalarType.Byte;

    /// <summary>The size of every dimension.</summary>
    public ImmutableArray<long> Shape { get; private set; } = [0];

    /// <summary>Copies the array into a contiguous tensor.</summary>
    /// <returns>A CPU tensor; the caller disposes it.</returns>
    public Tensor ToTensor()
    {
        long[] stored = [.. _isColumnMajor ? Shape.Reverse() : Shape];
        Tensor tensor = empty(stored, Dtype, CPU);
        using (Stream stream = PickleBytes.Open(_bytes)) TensorBytes.Read(stream, tensor);
        if (!_isColumnMajor) return tensor;
        using (tensor)
        using (Tensor view = tensor.permute([.. Enumerable.Range(0, stored.Length).Select(i => (long)(stored.Length - 1 - i))]))
        {
            return view.contiguous();
        }
    }

    /// <summary>Takes the state (version, shape, type, column-major order, bytes).</summary>
    internal void Restore(object?[] state)
    {
        if (state is not [_, object?[] sizes, NumpyDtype dtype, bool isColumnMajor, { } bytes] || PickleBytes.LengthOf(bytes) is not { } length) throw new InvalidDataException("a NumPy array's state does not fit it");
        long[] shape = PickleGlobals.Sizes(sizes);
        Int128 count = TorchStorage.ElementSize(dtype.Type);
        foreach (long size in shape)
        {
            count *= size;
            if (count > length) break;
        }

        if (count != length || shape.Any(size => size is < 0 or > int.MaxValue))
            throw new InvalidDataException($"a NumPy array of shape {Models.Shape.Format(shape)} and type {dtype.Type} has {length} bytes");
        if (dtype.Type == ScalarType.Bool && PickleBytes.Read(bytes).AsSpan().ContainsAnyExceptInRange((byte)0, (byte)1)) throw new InvalidDataException("a bool NumPy array has bytes other than 0 and 1");
        (Dtype, Shape, _bytes, _isColumnMajor) = (dtype.Type, [.. shape], bytes, isColumnMajor && shape.Length > 1);
    }
}
