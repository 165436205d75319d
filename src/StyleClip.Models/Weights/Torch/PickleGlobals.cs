using System.Collections.Frozen;
using System.Text;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>All Python names that may occur in a file. Each is data or a pure constructor; the list is the security boundary.</summary>
internal static class PickleGlobals
{
    private const int MaxRank = 64; // libtorch iterates over at most 64 dimensions
    private const int MaxNameLength = 1000;
    private const string ScriptPrefix = "__torch__.";

    private static readonly (string Storage, string Dtype, ScalarType Type)[] Types =
    [
        ("Double", "float64", ScalarType.Float64), ("Float", "float32", ScalarType.Float32), ("Half", "float16", ScalarType.Float16),
        ("BFloat16", "bfloat16", ScalarType.BFloat16), ("Long", "int64", ScalarType.Int64), ("Int", "int32", ScalarType.Int32),
        ("Short", "int16", ScalarType.Int16), ("Char", "int8", ScalarType.Int8), ("Byte", "uint8", ScalarType.Byte), ("Bool", "bool", ScalarType.Bool),
        ("ComplexFloat", "complex64", ScalarType.ComplexFloat32), ("ComplexDouble", "complex128", ScalarType.ComplexFloat64),
    ];

    private static readonly FrozenDictionary<string, object> Known = Build();

    public static object Find(string module, string name, bool allowModules)
    {
        if (module.Length + name.Length > MaxNameLength) throw new InvalidDataException($"the file refers to a name of {module.Length + name.Length} characters; the limit is {MaxNameLength}");
        string full = $"{module}.{name}";
        if (Known.TryGetValue(full, out object? known)) return known;
        if (allowModules && full.StartsWith(ScriptPrefix, StringComparison.Ordinal)) return new PickleGlobal(full) { Call = _ => new TorchModule(full) };
        if (full.StartsWith("dnnlib.tflib.", StringComparison.Ordinal))
            throw new InvalidDataException($"the file refers to {full}: it is a TensorFlow model; convert it to PyTorch with its authors' tools first");
        throw new InvalidDataException($"the file refers to {full}; only tensors, plain containers and scalars are read, nothing is executed");
    }

    /// <summary>PyTorch's storage class of an element type.</summary>
    public static string StorageName(ScalarType type) => $"{Types.First(row => row.Type == type).Storage}Storage";

    private static FrozenDictionary<string, object> Build()
    {
        Dictionary<string, object> known = new(StringComparer.Ordinal);
        AddTypes(known);
        Add("torch._utils._rebuild_tensor", Tensor);
        Add("torch._utils._rebuild_tensor_v2", Tensor);
        Add("torch._utils._rebuild_parameter", Unwrap);
        Add("torch._utils._rebuild_parameter_with_state", Unwrap);
        Add("torch._tensor._rebuild_from_type_v2", FromType);
        Add("torch.Size", arguments => arguments is [object?[] sizes] ? sizes : throw Unfit("torch.Size"));
        Add("torch.device", Device);
        Add("collections.OrderedDict", Dict);
        Add("argparse.Namespace", arguments => arguments is [] ? new TorchDict { IsNamespace = true } : throw Unfit("argparse.Namespace"));
        Add("_codecs.encode", arguments => arguments is [string text, "latin1" or "latin-1"] ? Encoding.Latin1.GetBytes(text) : throw Unfit("_codecs.encode"));
        foreach (string list in new[] { "intlist", "doublelist", "boollist", "tensorlist" }) Add($"torch.jit._pickle.build_{list}", First);
        Add("torch.jit._pickle.restore_type_tag", First);
        foreach (string builtins in new[] { "builtins", "__builtin__" })
        {
            Add($"{builtins}.set", First);
            Add($"{builtins}.frozenset", First);
        }

        foreach (string core in new[] { "numpy.core.multiarray", "numpy._core.multiarray" })
        {
            Add($"{core}._reconstruct", _ => new NumpyArray());
            Add($"{core}.scalar", arguments => arguments is [NumpyDtype dtype, { } bytes] && PickleBytes.LengthOf(bytes) is <= 16 ? dtype.Scalar(PickleBytes.Read(bytes)) : throw Unfit("numpy.scalar"));
        }

        foreach (string numeric in new[] { "numpy.core.numeric", "numpy._core.numeric" }) Add($"{numeric}._frombuffer", FromBuffer);
        Add("torch.storage._load_from_bytes", arguments => arguments is [PickleBytes bytes] ? bytes.Storage() : throw Unfit("torch.storage._load_from_bytes"));
        Add("torch_utils.persistence._reconstruct_persistent_obj", PickledModule.From);
        foreach (string easy in new[] { "dnnlib.util.EasyDict", "dnnlib.EasyDict" }) Add(easy, arguments => arguments is [] ? new TorchDict() : throw Unfit(easy));
        Add("numpy.dtype", arguments => arguments is [string code, ..] ? new NumpyDtype(code) : throw Unfit("numpy.dtype"));
        foreach (string mention in new[] { "numpy.ndarray", "torch.Tensor", "torch.nn.parameter.Parameter" }) known.Add(mention, new PickleGlobal(mention));
        return known.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(string name, Func<object?[], object?> call) => known.Add(name, new PickleGlobal(name) { Call = call });
    }

    private static void AddTypes(Dictionary<string, object> known)
    {
        foreach ((string storage, string dtype, ScalarType type) in Types)
        {
            known.Add($"torch.{storage}Storage", new PickleGlobal($"torch.{storage}Storage") { Storage = type });
            known.Add($"torch.{dtype}", type);
        }
    }

    private static TorchTensor Tensor(object?[] arguments) =>
        arguments is [TorchStorage storage, long offset, object?[] sizes, object?[] strides, ..]
            ? new TorchTensor(storage, offset, Sizes(sizes), Sizes(strides))
            : throw Unfit("torch._utils._rebuild_tensor_v2");

    /// <summary>A shape or strides; checked for length before anything is copied.</summary>
    public static long[] Sizes(object?[] values) => values.Length <= MaxRank
        ? [.. values.Select(value => value is long number ? number : throw new InvalidDataException("a tensor's shape or strides hold something that is not a number"))]
        : throw new InvalidDataException($"a tensor has {values.Length} dimensions; the limit is {MaxRank}");

    private static TorchTensor Unwrap(object?[] arguments) => arguments is [TorchTensor tensor, ..] ? tensor : throw Unfit("torch._utils._rebuild_parameter");

    private static object? FromType(object?[] arguments) =>
        arguments is [PickleGlobal { Name: "torch._utils._rebuild_tensor_v2" or "torch._utils._rebuild_parameter" } rebuild, PickleGlobal, object?[] inner, ..]
            ? rebuild.Invoke(inner)
            : throw Unfit("torch._tensor._rebuild_from_type_v2");

    private static object? Device(object?[] arguments) => arguments switch
    {
        [string name] => new TorchDevice(name),
        [string name, long index] => new TorchDevice($"{name}:{index}"),
        _ => throw Unfit("torch.device"),
    };

    private static TorchDict Dict(object?[] arguments) => arguments is [] or [List<object?> { Count: 0 }] ? new TorchDict() : throw Unfit("collections.OrderedDict");

    private static object? First(object?[] arguments) => arguments is [var value, ..] ? value : throw Unfit("a list constructor");

    private static NumpyArray FromBuffer(object?[] arguments)
    {
        if (arguments is not [{ } bytes, NumpyDtype dtype, object?[] sizes, "C" or "F"]) throw Unfit("numpy's _frombuffer");
        NumpyArray array = new();
        array.Restore([null, sizes, dtype, arguments[3] is "F", bytes]);
        return array;
    }

    private static InvalidDataException Unfit(string name) => new($"the file calls {name} with arguments that do not fit it");
}
