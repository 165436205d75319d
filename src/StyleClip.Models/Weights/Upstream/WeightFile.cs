using static TorchSharp.torch;

namespace StyleClip.Models.Weights.Upstream;

/// <summary>A file of weights or latents, opened by what its bytes are; its name says nothing.</summary>
public sealed class WeightFile : IDisposable
{
    private readonly TorchFile? _torch;
    private readonly StateDict? _tensors;
    private readonly Tensor? _array;

    private WeightFile(string path, string layout, TorchFile? torch = null, StateDict? tensors = null, Tensor? array = null) =>
        (Path, Layout, _torch, _tensors, _array) = (path, layout, torch, tensors, array);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>What it is, for people: such as "PyTorch file".</summary>
    public string Layout { get; }

    /// <summary>
    /// What the file holds: for PyTorch files as <see cref="TorchFile.Root"/>, for safetensors a <see cref="StateDict"/>, for NumPy files a
    /// <see cref="Tensor"/>. It belongs to this object.
    /// </summary>
    public object? Root => _torch is not null ? _torch.Root : (object?)_tensors ?? _array;

    /// <summary>The file as one of PyTorch's; null for another layout.</summary>
    public TorchFile? Torch => _torch;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsException">It is damaged, or of no layout that is read.</exception>
    public static WeightFile Open(string path)
    {
        Span<byte> start = stackalloc byte[9];
        start.Clear();
        using (FileStream stream = File.OpenRead(path)) stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start.StartsWith(NumpyFileReader.Magic)) return new(path, "NumPy file", array: NumpyFileReader.Read(path));
        if (start[8] == (byte)'{' && BitConverter.ToUInt64(start) <= SafetensorsHeader.MaxBytes) return new(path, "safetensors file", tensors: SafetensorsReader.Read(path, Translation.ToFloat32));
        TorchFile torch = TorchFileReader.Read(path);
        return new(path, torch.IsTorchScript ? "TorchScript archive" : "PyTorch file", torch: torch);
    }

    /// <summary>Reads the dictionary of tensors at a key of the file's root; floating point as float32.</summary>
    /// <param name="key">Such as <c>g_ema</c>; in safetensors a prefix of the names. Null for the root itself.</param>
    /// <returns>The tensors; null where there is no such dictionary. The caller disposes it.</returns>
    public StateDict? Find(string? key)
    {
        if (_tensors is not null)
        {
            StateDict found = key is null ? new(_tensors.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.alias()))) : _tensors.Select(key);
            if (found.Count > 0) return found;
            found.Dispose();
            return null;
        }

        if (_torch is null) return null;
        object? value = key is null ? _torch.Root : (_torch.Root as TorchDict)?.TryGetValue(key, out object? inner) is true ? inner : null;
        bool isDictionary = value is TorchModule || (value is TorchDict { Count: > 0 } dict && dict.All(pair => pair is { Key: string, Value: TorchTensor }));
        return isDictionary ? _torch.StateDict(key, Translation.ToFloat32) : null;
    }

    /// <summary>Reads the single tensor at a key of the file's root; null where there is none. The caller disposes it.</summary>
    /// <param name="key">Such as <c>latent_avg</c>.</param>
    public Tensor? FindTensor(string key)
    {
        if (_tensors is not null) return _tensors.TryGetValue(key, out Tensor? tensor) ? tensor.alias() : null;
        return _torch?.Root is TorchDict dict && dict.TryGetValue(key, out object? value) && value is TorchTensor or NumpyArray ? _torch.ReadTensor(key) : null;
    }

    /// <summary>Describes the root for a message: what a user sees who gave the wrong file.</summary>
    public string Describe() => Root switch
    {
        TorchDict dict => $"a dict of {Names(dict.Select(pair => pair.Key))}",
        StateDict weights => $"the tensors {Names(weights.Keys)}",
        Tensor array => $"one array {array.dtype} {Shape.Format(array.shape)}",
        TorchTensor tensor => $"one tensor {tensor.Dtype} {Shape.Format(tensor.Shape.AsSpan())}",
        NumpyArray array => $"one array {array.Dtype} {Shape.Format(array.Shape.AsSpan())}",
        TorchModule module => $"the module {module.ClassName} with {Names(module.Attributes.Select(pair => pair.Key))}",
        PickledModule module => $"the network {module.ClassName}",
        List<object?> list => $"a list of {list.Count}",
        object?[] tuple => $"a tuple of {tuple.Length}",
        var other => $"a {other?.GetType().Name ?? "None"}",
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _torch?.Dispose();
        _tensors?.Dispose();
        _array?.Dispose();
    }

    private static string Names(IEnumerable<object?> names)
    {
        const int Shown = 8;
        object?[] all = [.. names];
        return string.Join(", ", all.Take(Shown)) + (all.Length > Shown ? $" and {all.Length - Shown} more" : "");
    }
}
