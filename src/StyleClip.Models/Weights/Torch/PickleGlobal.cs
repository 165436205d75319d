using static TorchSharp.torch;

namespace StyleClip.Models.Weights;

/// <summary>A Python name that a pickle may mention, with what stands for it here.</summary>
internal sealed record PickleGlobal(string Name)
{
    /// <summary>The element type, where the name is a storage class.</summary>
    public ScalarType? Storage { get; init; }

    /// <summary>What calling the name gives; null where it may be mentioned but not called.</summary>
    public Func<object?[], object?>? Call { get; init; }

    public object? Invoke(object?[] arguments) =>
        (Call ?? throw new InvalidDataException($"the file calls {Name}, which may only be mentioned")).Invoke(arguments);
}
