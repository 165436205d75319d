using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.Reference.Packs;

/// <summary>Dictionaries and modules of tensors as pickles, for the layouts in which PyTorch and TorchScript wrote published files.</summary>
/// <param name="isLegacy">Whether storages are named as before PyTorch 1.6.</param>
internal sealed class PublishedPickle(bool isLegacy)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<Tensor> _storages = [];

    /// <summary>The tensors by the numbers of their storages.</summary>
    public IReadOnlyList<Tensor> Storages => _storages;

    public byte[] Root(Action write)
    {
        Op(0x80, 2);
        write();
        Op((byte)'.');
        return _bytes.WrittenSpan.ToArray();
    }

    /// <summary>A dict; each entry writes its own value.</summary>
    public void Dict(IEnumerable<(string Key, Action Value)> entries)
    {
        Op((byte)'}', (byte)'(');
        foreach ((string key, Action value) in entries)
        {
            Text(key);
            value();
        }

        Op((byte)'u');
    }

    public void Weights(StateDict weights) => Dict(weights.Select(pair => (pair.Key, (Action)(() => Tensor(pair.Value)))));

    /// <summary>A module of TorchScript with its sub-modules, which the dots of the names tell.</summary>
    public void Module(IEnumerable<KeyValuePair<string, Tensor>> weights)
    {
        Global("__torch__", "Module");
        Op((byte)')', 0x81);
        Dict(weights.GroupBy(pair => pair.Key.Split('.')[0]).Select(group => (group.Key, (Action)(() =>
        {
            if (group.First().Key == group.Key) Tensor(group.First().Value);
            else Module(group.Select(pair => KeyValuePair.Create(pair.Key[(group.Key.Length + 1)..], pair.Value)));
        }))));
        Op((byte)'b');
    }

    public void Tensor(Tensor tensor)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Op((byte)'(', (byte)'(');
        Text("storage");
        Global("torch", tensor.dtype switch
        {
            ScalarType.Float16 => "HalfStorage",
            ScalarType.Int64 => "LongStorage",
            ScalarType.Float32 => "FloatStorage",
            ScalarType other => throw new ArgumentException($"Published files hold no {other}.", nameof(tensor)),
        });
        Text($"{_storages.Count}");
        Text("cpu");
        Number(tensor.numel());
        if (isLegacy) Op((byte)'N'); // no view of another storage
        Op((byte)'t', (byte)'Q');
        Number(0);
        Numbers(tensor.shape);
        Numbers(tensor.stride());
        Op(0x89);
        Global("collections", "OrderedDict");
        Op((byte)')', (byte)'R', (byte)'t', (byte)'R');
        _storages.Add(tensor);
    }

    public void Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Op((byte)'X');
        Int32(bytes.Length);
        _bytes.Write(bytes);
    }

    public void True() => Op(0x88);

    public void Texts(IEnumerable<string> texts)
    {
        Op((byte)']', (byte)'(');
        foreach (string text in texts) Text(text);
        Op((byte)'e');
    }

    private void Numbers(long[] numbers)
    {
        Op((byte)'(');
        foreach (long number in numbers) Number(number);
        Op((byte)'t');
    }

    private void Number(long number)
    {
        Op((byte)'J');
        Int32(checked((int)number));
    }

    private void Int32(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        _bytes.Write(bytes);
    }

    private void Global(string module, string name) => _bytes.Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    private void Op(params ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);
}
