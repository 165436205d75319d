using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>A PyTorch file, open for reading its tensors on demand.</summary>
public sealed class TorchFile : IDisposable
{
    private const int MaxModuleVisits = 100_000;

    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly IReadOnlyCollection<TorchStorage> _storages;
    private readonly TorchScriptClasses? _classes;

    internal TorchFile(string path, SafeFileHandle handle, object? root, IReadOnlyCollection<TorchStorage> storages, TorchScriptClasses? classes)
    {
        _path = path;
        _handle = handle;
        _storages = storages;
        _classes = classes;
        Root = root;
    }

    /// <summary>
    /// What was saved: null, bool, long, <see cref="System.Numerics.BigInteger"/>, double, string, byte[], <c>List&lt;object?&gt;</c> for
    /// lists and sets, <c>object?[]</c> for tuples and sizes, <see cref="TorchDict"/>, <see cref="TorchTensor"/>,
    /// <see cref="NumpyArray"/>, <see cref="TorchDevice"/>, <see cref="ScalarType"/>, <see cref="TorchModule"/> in a TorchScript archive
    /// or <see cref="PickledModule"/> in a bare pickle. It holds no cycles and nests at most 100 deep.
    /// </summary>
    public object? Root { get; }

    /// <summary>Whether the file is a TorchScript archive.</summary>
    public bool IsTorchScript => _classes is not null;

    /// <summary>The value at a path of dict keys.</summary>
    /// <param name="path">Keys with slashes between them, such as <c>opts/stylegan_size</c>; null for <see cref="Root"/>.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WeightsException">There is nothing at the path; the message lists what there is.</exception>
    public object? Get(string? path = null)
    {
        object? value = Root;
        if (path is null) return value;
        foreach (string key in path.Split('/'))
        {
            TorchDict? dict = value as TorchDict ?? (value as TorchModule)?.Attributes;
            if (dict is null || !dict.TryGetValue(key, out value))
                throw new WeightsException($"{_path} has nothing at \"{path}\"; {(dict is null ? "there is no dict to look in" : $"there are {Keys(dict)}")}.");
        }

        return value;
    }

    /// <summary>Reads the tensor at a path.</summary>
    /// <param name="path">As for <see cref="Get"/>; null where the file holds one bare tensor.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    /// <exception cref="WeightsException">There is no tensor at the path.</exception>
    public Tensor ReadTensor(string? path = null) => Get(path) switch
    {
        TorchTensor tensor => tensor.ToTensor(),
        NumpyArray array => array.ToTensor(),
        var other => throw new WeightsException($"{_path} holds {Describe(other)} at \"{path ?? "the root"}\", not a tensor."),
    };

    /// <summary>Reads a dictionary of tensors; the parameters and buffers of the module tree in a TorchScript archive.</summary>
    /// <param name="path">
    /// As for <see cref="Get"/>, such as <c>g_ema</c> or <c>state_dict</c>. Null picks the root if it is a dictionary of tensors, else
    /// its only entry that is one.
    /// </param>
    /// <returns>The tensors; the caller disposes them. They outlive the file and share memory as in the file.</returns>
    /// <exception cref="WeightsException">There is no such dictionary, the choice is ambiguous, or the data is damaged.</exception>
    public StateDict StateDict(string? path = null) => StateDict(path, convert: null);

    /// <summary>The same, each tensor converted as soon as it is read, so that the file's own precision is never whole in memory.</summary>
    internal StateDict StateDict(string? path, Func<Tensor, Tensor>? convert)
    {
        List<KeyValuePair<string, TorchTensor>> entries = [];
        object? chosen = path is null ? Choose() : Get(path);
        if (chosen is TorchModule module) Flatten(module, "", entries, MaxModuleVisits);
        else if (chosen is TorchDict dict) entries.AddRange(dict.Select(pair => Entry(pair.Key, pair.Value, path)));
        else throw new WeightsException($"{_path} holds {Describe(chosen)} at \"{path ?? "the root"}\", not a dictionary of tensors.");

        List<KeyValuePair<string, Tensor>> tensors = [];
        try
        {
            Dictionary<TorchStorage, int> users = entries.CountBy(entry => entry.Value.Storage).ToDictionary();
            foreach ((string name, TorchTensor tensor) in entries)
            {
                if (convert is null)
                {
                    tensors.Add(KeyValuePair.Create(name, tensor.ToTensor()));
                    continue;
                }

                using Tensor stored = tensor.ToTensor();
                tensors.Add(KeyValuePair.Create(name, convert(stored)));
                if (users[tensor.Storage] == 1) tensor.Storage.Release();
            }

            return new StateDict(tensors);
        }
        catch
        {
            foreach ((_, Tensor tensor) in tensors) tensor.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file. Tensors that were read stay valid.</summary>
    public void Dispose()
    {
        foreach (TorchStorage storage in _storages) storage.Dispose();
        _handle.Dispose();
    }

    private static bool IsStateDict(object? value) =>
        value is TorchModule || (value is TorchDict { Count: > 0 } dict && dict.All(pair => pair is { Key: string, Value: TorchTensor }));

    private static string Keys(TorchDict dict) => string.Join(", ", dict.Take(50).Select(pair => $"\"{pair.Key}\"")) + (dict.Count > 50 ? ", …" : "");

    private static string Describe(object? value) => value switch
    {
        null => "None",
        TorchDict dict => $"a dict of {dict.Count}",
        TorchTensor tensor => $"a tensor {Shape.Format(tensor.Shape.AsSpan())}",
        _ => $"a {value.GetType().Name}",
    };

    private object? Choose()
    {
        if (Root is not TorchDict root || IsStateDict(root)) return Root;
        KeyValuePair<object?, object?>[] candidates = [.. root.Where(pair => pair.Key is string && IsStateDict(pair.Value))];
        return candidates.Length switch
        {
            1 => candidates[0].Value,
            0 => throw new WeightsException($"{_path} holds no dictionary of tensors; at its root there are {Keys(root)}."),
            _ => throw new WeightsException($"{_path} holds {candidates.Length} dictionaries of tensors: {string.Join(", ", candidates.Select(pair => pair.Key))}; say which."),
        };
    }

    private KeyValuePair<string, TorchTensor> Entry(object? key, object? value, string? path) => (key, value) switch
    {
        (string name, TorchTensor tensor) => KeyValuePair.Create(name, tensor),
        _ => throw new WeightsException($"{_path} holds {Describe(value)} at \"{path ?? "the root"}/{key}\", not a tensor."),
    };

    private int Flatten(TorchModule module, string prefix, List<KeyValuePair<string, TorchTensor>> entries, int visitsLeft)
    {
        // Shared sub-modules can multiply: each level may name the one below it twice.
        if (visitsLeft == 0) throw new WeightsException($"{_path} has a module tree of more than {MaxModuleVisits} modules.");
        visitsLeft--;
        foreach ((object? key, object? value) in module.Attributes)
        {
            if (key is not string name) continue;
            if (value is TorchTensor tensor && IsParameterOrBuffer(module.ClassName, name)) entries.Add(KeyValuePair.Create(prefix + name, tensor));
            else if (value is TorchModule child) visitsLeft = Flatten(child, $"{prefix}{name}.", entries, visitsLeft);
        }

        return visitsLeft;
    }

    private bool IsParameterOrBuffer(string className, string attribute)
    {
        try
        {
            return _classes!.IsParameterOrBuffer(className, attribute);
        }
        catch (Exception error) when (WeightsException.IsDamage(error))
        {
            throw WeightsException.Damaged(_path, error);
        }
    }
}
