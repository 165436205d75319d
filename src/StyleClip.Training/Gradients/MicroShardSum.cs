using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Gradients;

/// <summary>
/// Adds the vectors of a step's micro-shards in a fixed binary tree: neighbours 0+1, 2+3, ... first, then neighbouring pairs, and so on;
/// the last one of an odd row moves up as it is. Floating-point addition is not associative, so this order is part of what a mapper's bytes
/// depend on. A member that holds an aligned run of 2^k micro-shards may add them first: its sum is a node of the tree.
/// </summary>
public static class MicroShardSum
{
    /// <summary>Adds tensors on their device.</summary>
    /// <param name="values">The vectors of all micro-shards in order, at least one; they are left as they are.</param>
    /// <returns>The total, owned by the caller.</returns>
    public static Tensor Add(IReadOnlyList<Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        using DisposeScope scope = NewDisposeScope();
        Tensor[] row = [.. values];
        while (row.Length > 1) row = NextRow(row, (left, right) => left + right);
        return scope.MoveToOuter(values.Count == 1 ? row[0].clone() : row[0]);
    }

    /// <summary>Adds host memory; the bits equal those of the tensors' sum.</summary>
    /// <param name="values">The vectors of all micro-shards in order, at least one, of equal length.</param>
    /// <returns>The total.</returns>
    public static float[] Add(IReadOnlyList<float[]> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        float[][] row = [.. values];
        while (row.Length > 1) row = NextRow(row, Sum);
        return values.Count == 1 ? [.. row[0]] : row[0];
    }

    private static float[] Sum(float[] left, float[] right)
    {
        if (left.Length != right.Length) throw new ArgumentException($"Vectors of {left.Length} and {right.Length} floats cannot be added.", nameof(right));
        float[] sum = new float[left.Length];
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(sum.AsSpan());
        ReadOnlySpan<Vector<float>> lefts = MemoryMarshal.Cast<float, Vector<float>>(left.AsSpan()), rights = MemoryMarshal.Cast<float, Vector<float>>(right.AsSpan());
        for (int i = 0; i < sums.Length; i++) sums[i] = lefts[i] + rights[i];
        for (int i = sums.Length * Vector<float>.Count; i < sum.Length; i++) sum[i] = left[i] + right[i];
        return sum;
    }

    private static T[] NextRow<T>(T[] row, Func<T, T, T> add)
    {
        var next = new T[(row.Length + 1) / 2];
        for (int i = 0; i < next.Length; i++)
            next[i] = (2 * i) + 1 < row.Length ? add(row[2 * i], row[(2 * i) + 1]) : row[2 * i];
        return next;
    }
}
