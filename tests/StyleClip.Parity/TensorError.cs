using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Parity;

/// <summary>How far a tensor is from what was recorded.</summary>
public static class TensorError
{
    /// <summary>L2 of the difference over L2 of the expected value, in float64; NaN where a value is not finite.</summary>
    /// <exception cref="InvalidDataException">The shapes differ.</exception>
    public static double RelativeL2(Tensor actual, Tensor expected)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        RequireSameShape(actual, expected);
        Tensor wanted = expected.to(ScalarType.Float64).cpu();
        double difference = (actual.detach().to(ScalarType.Float64).cpu() - wanted).norm().ToDouble();
        double length = wanted.norm().ToDouble();
        return length == 0 ? difference : difference / length;
    }

    /// <summary>As <see cref="RelativeL2"/> with the largest differences, a share of all elements, left out.</summary>
    /// <exception cref="InvalidDataException">The shapes differ.</exception>
    public static double TrimmedRelativeL2(Tensor actual, Tensor expected, double leftOut)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        RequireSameShape(actual, expected);
        Tensor wanted = expected.to(ScalarType.Float64).flatten();
        (Tensor differences, _) = (actual.detach().to(ScalarType.Float64).cpu().flatten() - wanted).abs().sort();
        long kept = differences.shape[0] - (long)(leftOut * differences.shape[0]);
        return differences.narrow(0, 0, kept).norm().ToDouble() / wanted.norm().ToDouble();
    }

    /// <summary>The number of elements that differ at all.</summary>
    /// <exception cref="InvalidDataException">The shapes differ.</exception>
    public static long Differing(Tensor actual, Tensor expected)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        RequireSameShape(actual, expected);
        return actual.detach().cpu().to(expected.dtype).ne(expected).sum().ToInt64();
    }

    private static void RequireSameShape(Tensor actual, Tensor expected)
    {
        if (!actual.shape.SequenceEqual(expected.shape))
            throw new InvalidDataException($"the shape is [{string.Join(", ", actual.shape)}], recorded is [{string.Join(", ", expected.shape)}]");
    }
}
