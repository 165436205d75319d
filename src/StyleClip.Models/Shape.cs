using static TorchSharp.torch;

namespace StyleClip.Models;

/// <summary>Checks of tensor shapes at the entrance of a network.</summary>
public static class Shape
{
    /// <summary>Requires that <paramref name="tensor"/> has the expected shape.</summary>
    /// <param name="tensor">The tensor to check.</param>
    /// <param name="name">The argument's name, for the message.</param>
    /// <param name="expected">The size of every dimension; -1 accepts any size.</param>
    /// <exception cref="ArgumentException">The shape differs; the message holds both shapes.</exception>
    public static void Require(Tensor tensor, string name, params ReadOnlySpan<long> expected)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        long[] actual = tensor.shape;
        bool fits = actual.Length == expected.Length;
        for (int i = 0; fits && i < actual.Length; i++)
            fits = expected[i] == -1 || expected[i] == actual[i];
        if (!fits)
            throw new ArgumentException($"{name} has shape {Format(actual)}; expected {Format(expected)}, where * is any size.", name);
    }

    /// <summary>Writes a shape the way messages show it: <c>[2, 18, 512]</c>, with <c>*</c> for -1.</summary>
    /// <param name="sizes">The size of every dimension.</param>
    /// <returns>The text.</returns>
    public static string Format(ReadOnlySpan<long> sizes)
    {
        var texts = new string[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
            texts[i] = sizes[i] == -1 ? "*" : sizes[i].ToString(System.Globalization.CultureInfo.InvariantCulture);
        return $"[{string.Join(", ", texts)}]";
    }
}
