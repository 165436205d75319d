using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace StyleClip.Models.Weights;

/// <summary>
/// A pickle machine that builds plain values and tensors. Names are looked up in <see cref="PickleGlobals"/> and nowhere else, so the
/// worst a pickle can do is to be refused. Work and memory are bounded by the number of operations.
/// </summary>
/// <param name="reader">The pickle.</param>
/// <param name="allowModules">Whether TorchScript classes may be mentioned.</param>
/// <param name="findStorage">Finds a storage by its persistent id.</param>
/// <param name="budget">Shared with the pickle that this one lies in; null for a budget of its own.</param>
internal sealed class Unpickler(PickleReader reader, bool allowModules, Func<object?, TorchStorage> findStorage, PickleBudget? budget = null)
{
    private const int MaxMemo = 1_000_000;
    private const int MaxMarks = 256;
    private const int MaxLongBytes = 1024;
    private const int CharactersPerOperation = 64;

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private readonly PickleBudget _budget = budget ?? new();

    // Values below the innermost open group are not for taking.
    private int Floor => _marks.Count == 0 ? 0 : _marks.Peek();

    public object? Load()
    {
        while (true)
        {
            _budget.Charge(1);
            byte opcode = reader.ReadByte();
            if (opcode == (byte)'.') return Pop();
            if (!Scalar(opcode) && !Container(opcode) && !Memo(opcode) && !Call(opcode))
                throw new InvalidDataException($"the pickle has the operation 0x{opcode:x2} at byte {reader.Consumed - 1}, which is not accepted");
        }
    }

    private bool Scalar(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'J': Push((long)reader.ReadInt32()); break;
            case (byte)'K': Push((long)reader.ReadByte()); break;
            case (byte)'M': Push((long)reader.ReadUInt16()); break;
            case (byte)'I': Push(IntegerLine(reader.ReadLine())); break;
            case (byte)'L': Push(IntegerLine(reader.ReadLine().TrimEnd('L'))); break;
            case 0x8a: Push(Integer(reader.ReadByte())); break;
            case 0x8b: Push(Integer(reader.ReadUInt32())); break;
            case (byte)'G': Push(reader.ReadDouble()); break;
            case (byte)'F': Push(FloatLine(reader.ReadLine())); break;
            case (byte)'X': Push(reader.ReadUtf8(reader.ReadUInt32())); break;
            case 0x8c: Push(reader.ReadUtf8(reader.ReadByte())); break;
            case 0x8d: Push(reader.ReadUtf8(reader.ReadUInt64())); break;
            case (byte)'T': Push(reader.ReadLatin1(reader.ReadUInt32())); break;
            case (byte)'U': Push(reader.ReadLatin1(reader.ReadByte())); break;
            case (byte)'B': Push(reader.ReadByteString(reader.ReadUInt32())); break;
            case (byte)'C': Push(reader.ReadByteString(reader.ReadByte())); break;
            case 0x8e or 0x96: Push(reader.ReadByteString(reader.ReadUInt64())); break;
            default: return false;
        }

        return true;
    }

    private bool Container(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'(':
                if (_marks.Count == MaxMarks) throw new InvalidDataException($"the pickle nests more than {MaxMarks} deep");
                _marks.Push(_stack.Count);
                break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopMark(); break;
            case (byte)'2': Push(Top()); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case (byte)'t' or 0x91: Push(PopMark()); break;
            case 0x85: Push(PopLast(1)); break;
            case 0x86: Push(PopLast(2)); break;
            case 0x87: Push(PopLast(3)); break;
            case (byte)']' or 0x8f: Push(new List<object?>()); break;
            case (byte)'l': Push(new List<object?>(PopMark())); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e' or 0x90: Append(PopMark()); break;
            case (byte)'}': Push(new TorchDict()); break;
            case (byte)'d':
                object?[] initial = PopMark();
                Push(new TorchDict());
                SetItems(initial);
                break;
            case (byte)'s': SetItems(PopLast(2)); break;
            case (byte)'u': SetItems(PopMark()); break;
            default: return false;
        }

        return true;
    }

    private bool Memo(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'q': Remember(reader.ReadByte()); break;
            case (byte)'r': Remember(reader.ReadUInt32()); break;
            case (byte)'p': Remember(IntegerLine(reader.ReadLine()) as long? ?? -1); break;
            case 0x94: Remember(_memo.Count); break;
            case (byte)'h': Push(Recall(reader.ReadByte())); break;
            case (byte)'j': Push(Recall(reader.ReadUInt32())); break;
            case (byte)'g': Push(Recall(IntegerLine(reader.ReadLine()) as long? ?? -1)); break;
            default: return false;
        }

        return true;
    }

    private bool Call(byte opcode)
    {
        switch (opcode)
        {
            case 0x80:
                byte protocol = reader.ReadByte();
                if (protocol > 5) throw new InvalidDataException($"the pickle's protocol is {protocol}; up to 5 is read");
                break;
            case 0x95: reader.ReadUInt64(); break; // frames are a reading aid
            case (byte)'c': Push(PickleGlobals.Find(reader.ReadLine(), reader.ReadLine(), allowModules)); break;
            case 0x93:
                object?[] path = PopLast(2);
                if (path is not [string module, string name]) throw new InvalidDataException("the pickle refers to something whose name is not text");
                Push(PickleGlobals.Find(module, name, allowModules));
                break;
            case (byte)'Q': Push(findStorage(Pop())); break;
            case (byte)'R' or 0x81:
                object?[] call = PopLast(2);
                if (call is not [PickleGlobal callee, object?[] arguments]) throw new InvalidDataException("the pickle calls something that is not a name");
                _budget.Charge(arguments.Sum(argument => (argument as string)?.Length / CharactersPerOperation ?? 0)); // text is copied at each call
                Push(callee.Invoke(arguments));
                break;
            case (byte)'b':
                object? state = Pop();
                Build(Top(), state);
                break;
            default: return false;
        }

        return true;
    }

    private void Build(object? target, object? state)
    {
        switch (target, state)
        {
            case (TorchModule module, TorchDict attributes):
                SetAll(module.Attributes, attributes);
                break;
            case (TorchDict { IsNamespace: true } space, TorchDict attributes):
                SetAll(space, attributes);
                break;
            case (TorchDict, TorchDict):
                break; // attributes of an OrderedDict: the version notes of a state dict
            case (NumpyArray array, object?[] parts):
                array.Restore(parts);
                break;
            case (NumpyDtype dtype, object?[] parts):
                dtype.Restore(parts);
                break;
            default:
                throw new InvalidDataException($"the pickle sets the state of a {target?.GetType().Name ?? "None"}");
        }
    }

    private void SetAll(TorchDict target, TorchDict attributes)
    {
        _budget.Charge(attributes.Count);
        foreach ((object? key, object? value) in attributes) target.Set(key, value);
    }

    private void SetItems(object?[] items)
    {
        if (Top() is not TorchDict dict) throw new InvalidDataException("the pickle sets items of something that is not a dict");
        if (items.Length % 2 != 0) throw new InvalidDataException("the pickle sets a dict key without a value");
        for (int i = 0; i < items.Length; i += 2) dict.Set(items[i], items[i + 1]);
    }

    private void Append(object?[] items)
    {
        if (Top() is not List<object?> list) throw new InvalidDataException("the pickle appends to something that is not a list");
        list.AddRange(items);
    }

    private void Remember(long key)
    {
        if (_memo.Count == MaxMemo) throw new InvalidDataException($"the pickle remembers more than {MaxMemo} values");
        _memo[key] = Top();
    }

    private object? Recall(long key) => _memo.TryGetValue(key, out object? value)
        ? value
        : throw new InvalidDataException($"the pickle recalls the value {key}, which it never stored");

    private object Integer(uint bytes)
    {
        if (bytes > MaxLongBytes) throw new InvalidDataException($"the pickle has a number of {bytes} bytes; the limit is {MaxLongBytes}");
        return Narrow(new BigInteger(reader.ReadBytes(bytes)));
    }

    private static object IntegerLine(string text) => text switch
    {
        "00" => false,
        "01" => true,
        _ => BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value)
            ? Narrow(value)
            : throw new InvalidDataException($"the pickle has \"{text}\" in the place of a number"),
    };

    private static double FloatLine(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        ? value
        : throw new InvalidDataException($"the pickle has \"{text}\" in the place of a number");

    [SuppressMessage("Performance", "CA1859", Justification = "the rule overlooks the boxed long")]
    private static object Narrow(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue) return (long)value;
        return value;
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Pop()
    {
        object? value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw new InvalidDataException("the pickle takes more values than it has made");

    private object?[] PopMark()
    {
        if (_marks.Count == 0) throw new InvalidDataException("the pickle closes a group that it never opened");
        return PopFrom(_marks.Pop());
    }

    private object?[] PopLast(int count)
    {
        int start = _stack.Count - count;
        return start >= Floor ? PopFrom(start) : throw new InvalidDataException("the pickle takes more values than it has made");
    }

    private object?[] PopFrom(int start)
    {
        object?[] items = CollectionsMarshal.AsSpan(_stack)[start..].ToArray();
        CollectionsMarshal.SetCount(_stack, start);
        return items;
    }
}
