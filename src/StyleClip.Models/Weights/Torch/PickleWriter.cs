using System.Buffers;
using System.Buffers.Binary;
using System.Collections;
using System.Text;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>Writes plain values and tensors as a pickle of protocol 2, by the operations that PyTorch's restricted loader knows too.</summary>
internal sealed class PickleWriter
{
    private readonly ArrayBufferWriter<byte> _pickle = new();
    private readonly List<Tensor> _tensors = [];

    /// <summary>The tensors in the order of their storages' numbers.</summary>
    public IReadOnlyList<Tensor> Tensors => _tensors;

    public byte[] ToArray() => _pickle.WrittenSpan.ToArray();

    public void WriteRoot(object? root)
    {
        Op(0x80, 2);
        Write(root);
        Op((byte)'.');
    }

    private void Write(object? value)
    {
        switch (value)
        {
            case null: Op((byte)'N'); break;
            case bool flag: Op(flag ? (byte)0x88 : (byte)0x89); break;
            case int number: Write(number); break;
            case long number: Write(number); break;
            case double number: WriteDouble(number); break;
            case string text: Write(text); break;
            case Tensor tensor: Write(tensor); break;
            case StateDict weights:
                Ordered();
                WriteItems([.. weights.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value))]);
                break;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                Op((byte)'}');
                WriteItems([.. pairs]);
                break;
            case IEnumerable items:
                Op((byte)']', (byte)'(');
                foreach (object? item in items) Write(item);
                Op((byte)'e');
                break;
            default: throw new WeightsException($"A PyTorch file cannot hold a {value.GetType().Name} here; it holds None, bools, numbers, text, tensors, lists and dicts.");
        }
    }

    private void WriteItems(KeyValuePair<string, object?>[] items)
    {
        Op((byte)'(');
        foreach ((string key, object? value) in items)
        {
            Write(key);
            Write(value);
        }

        Op((byte)'u');
    }

    private void Write(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        if (number is >= int.MinValue and <= int.MaxValue)
        {
            Op((byte)'J');
            _pickle.Write(bytes[..sizeof(int)]);
        }
        else
        {
            Op(0x8a, sizeof(long));
            _pickle.Write(bytes);
        }
    }

    private void WriteDouble(double number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
        Op((byte)'G');
        _pickle.Write(bytes);
    }

    private void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        Op((byte)'X');
        _pickle.Write(length);
        _pickle.Write(bytes);
    }

    // _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)
    private void Write(Tensor tensor)
    {
        int key = _tensors.Count;
        _tensors.Add(tensor);
        Global("torch._utils", "_rebuild_tensor_v2");
        Op((byte)'(', (byte)'(');
        Write("storage");
        Global("torch", PickleGlobals.StorageName(tensor.dtype));
        Write($"{key}");
        Write("cpu");
        Write(tensor.numel());
        Op((byte)'t', (byte)'Q');
        Write(0L);
        WriteTuple(tensor.shape);
        WriteTuple(Strides(tensor.shape));
        Op(0x89);
        Ordered();
        Op((byte)'t', (byte)'R');
    }

    private void WriteTuple(long[] numbers)
    {
        Op((byte)'(');
        foreach (long number in numbers) Write(number);
        Op((byte)'t');
    }

    private static long[] Strides(long[] shape)
    {
        long[] strides = new long[shape.Length];
        long step = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= shape[i];
        }

        return strides;
    }

    private void Ordered()
    {
        Global("collections", "OrderedDict");
        Op((byte)')', (byte)'R');
    }

    private void Global(string module, string name)
    {
        Op((byte)'c');
        _pickle.Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    private void Op(params ReadOnlySpan<byte> bytes) => _pickle.Write(bytes);
}
