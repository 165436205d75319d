using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>
/// Named tensors of a network, under the upstream spelling of their names. Owns its tensors: they leave any dispose scope when they
/// enter and are disposed with the dictionary. Enumerates in ordinal order of the names.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "state_dict is PyTorch's word for it")]
public sealed class StateDict : IReadOnlyDictionary<string, Tensor>, IDisposable
{
    private readonly SortedDictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Takes ownership of the tensors.</summary>
    /// <param name="tensors">Name and tensor pairs; names are unique.</param>
    /// <param name="metadata">Free text that travels with the tensors; null for none.</param>
    /// <exception cref="WeightsException">A name occurs twice.</exception>
    public StateDict(IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach ((string name, Tensor tensor) in tensors)
        {
            if (!_tensors.TryAdd(name, tensor.DetachFromDisposeScope()))
                throw new WeightsException($"The tensor name \"{name}\" occurs twice; names must be unique.");
        }

        Metadata = metadata?.ToImmutableSortedDictionary(StringComparer.Ordinal) ?? ImmutableSortedDictionary<string, string>.Empty;
    }

    /// <summary>Free text stored beside the tensors, in ordinal order of the keys.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    public int Count => _tensors.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _tensors.Keys;

    /// <inheritdoc/>
    public IEnumerable<Tensor> Values => _tensors.Values;

    /// <summary>The tensor of that name; still owned by the dictionary.</summary>
    /// <param name="key">The full name.</param>
    /// <exception cref="WeightsException">There is no such tensor.</exception>
    public Tensor this[string key] => _tensors.TryGetValue(key, out Tensor? tensor)
        ? tensor
        : throw new WeightsException($"There is no tensor \"{key}\" among the {Count} given.");

    /// <summary>Clones the parameters and persistent buffers of a module.</summary>
    /// <param name="module">The module.</param>
    /// <returns>A dictionary independent of the module, on the module's devices.</returns>
    public static StateDict From(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        using IDisposable noGrad = no_grad();
        return new StateDict(module.state_dict().Select(pair => KeyValuePair.Create(pair.Key, pair.Value.clone())));
    }

    /// <summary>The tensors whose name begins with <paramref name="prefix"/> and a dot, named by what follows the dot.</summary>
    /// <param name="prefix">Such as <c>mapper</c>; the metadata goes along.</param>
    /// <returns>A dictionary that shares memory with this one but has its own handles: either may be disposed first.</returns>
    public StateDict Select(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        string start = prefix + ".";
        return new StateDict(
            _tensors.Where(pair => pair.Key.StartsWith(start, StringComparison.Ordinal))
                .Select(pair => KeyValuePair.Create(pair.Key[start.Length..], pair.Value.alias())),
            Metadata);
    }

    /// <summary>Copies every tensor into the module's parameter or buffer of the same name, converting precision and device.</summary>
    /// <param name="module">The module to fill. It is unchanged when the call throws.</param>
    /// <param name="what">What is being loaded, for the error message: "the generator".</param>
    /// <param name="optional">Names that may be missing here or unknown to the module, such as counters that inference ignores.</param>
    /// <exception cref="WeightsException">Names are missing or surplus, or shapes differ; the message lists all of them.</exception>
    public void LoadInto(nn.Module module, string what, ISet<string>? optional = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        TensorShapes.Of(_tensors).RequireFit(module, what, optional);
        Dictionary<string, Tensor> targets = module.state_dict();
        using IDisposable noGrad = no_grad();
        foreach ((string key, Tensor source) in _tensors)
        {
            if (targets.TryGetValue(key, out Tensor? target)) target.copy_(source);
        }
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _tensors.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value) => _tensors.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => _tensors.GetEnumerator();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _tensors.Values) tensor.Dispose();
        _tensors.Clear();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
