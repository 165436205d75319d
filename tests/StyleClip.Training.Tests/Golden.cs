using StyleClip.Reference;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests;

/// <summary>Recorded reference numbers and how to compare with them.</summary>
internal static class Golden
{
    public static string Path(string file) => System.IO.Path.Combine(GoldenData.RepositoryDirectory, file);

    /// <summary>Compares element by element after widening to float64.</summary>
    public static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        using Tensor wide = actual.detach().to(ScalarType.Float64);
        using Tensor difference = (wide - expected.to(ScalarType.Float64)).abs().max();
        Assert.InRange(difference.item<double>(), 0, tolerance);
    }
}
