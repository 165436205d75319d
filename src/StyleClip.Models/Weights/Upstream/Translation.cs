using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights.Upstream;

/// <summary>Steps that every translation of a foreign state dictionary takes.</summary>
internal static class Translation
{
    /// <summary>Copies tensors under their new names, floating point ones as contiguous float32.</summary>
    public static StateDict ToFloat32(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        List<KeyValuePair<string, Tensor>> converted = [];
        try
        {
            foreach ((string name, Tensor tensor) in tensors) converted.Add(KeyValuePair.Create(name, ToFloat32(tensor)));
            return new StateDict(converted);
        }
        catch
        {
            foreach ((_, Tensor tensor) in converted) tensor.Dispose();
            throw;
        }
    }

    /// <summary>A tensor of floating point as contiguous float32, any other one contiguous; without a copy where it is so already.</summary>
    public static Tensor ToFloat32(Tensor tensor)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor copy = (tensor.is_floating_point() ? tensor.to(ScalarType.Float32) : tensor).contiguous();
        return scope.Detach(ReferenceEquals(copy, tensor) ? copy.alias() : copy);
    }

    /// <summary>True where the dictionary holds every one of the names.</summary>
    public static bool Has(this StateDict weights, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (!weights.ContainsKey(name)) return false;
        }

        return true;
    }

    /// <summary>
    /// Passes where a network of so many elements can come from a file of so many: sizes are read off shapes, and a shape with a zero in it
    /// may claim anything.
    /// </summary>
    public static void RequirePlausible(string what, Int128 elements, StateDict weights)
    {
        long held = weights.Values.Sum(tensor => tensor.numel());
        if (elements > ((Int128)held * 2) + (1 << 20))
            throw new WeightsException($"The shapes ask for {what} of {elements} numbers; the file holds {held}.");
    }
}
