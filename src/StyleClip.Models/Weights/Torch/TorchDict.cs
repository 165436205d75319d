using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace StyleClip.Models.Weights;

/// <summary>A Python dict, OrderedDict or Namespace of a PyTorch file, in its order. Keys are strings, numbers, bools or None.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "named after the Python type it stands for")]
public sealed class TorchDict : IReadOnlyList<KeyValuePair<object?, object?>>
{
    private static readonly object None = new();

    private readonly List<KeyValuePair<object?, object?>> _items = [];
    private readonly Dictionary<object, int> _positions = [];

    internal TorchDict()
    {
    }

    /// <summary>Whether setting its state adds entries, as for a Namespace, whose attributes are its entries here.</summary>
    internal bool IsNamespace { get; init; }

    /// <summary>Number of entries.</summary>
    public int Count => _items.Count;

    /// <summary>The entry at a position, in the order of insertion.</summary>
    /// <param name="index">From 0.</param>
    public KeyValuePair<object?, object?> this[int index] => _items[index];

    /// <summary>Finds a value by its key.</summary>
    /// <param name="key">A string, long, double, bool or null.</param>
    /// <param name="value">The value; null when there is none.</param>
    /// <returns>Whether the key is there.</returns>
    public bool TryGetValue(object? key, out object? value)
    {
        bool found = _positions.TryGetValue(key ?? None, out int position);
        value = found ? _items[position].Value : null;
        return found;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<object?, object?>> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Set(object? key, object? value)
    {
        if (key is not (null or string or long or double or bool)) throw new InvalidDataException($"a dict key is a {key.GetType().Name}; strings, numbers, bools and None are accepted");
        if (_positions.TryAdd(key ?? None, _items.Count)) _items.Add(KeyValuePair.Create(key, value));
        else _items[_positions[key ?? None]] = KeyValuePair.Create(key, value);
    }
}
