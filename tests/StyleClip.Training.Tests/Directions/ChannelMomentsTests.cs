using StyleClip.Reference;
using StyleClip.Training.Directions;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Directions;

public sealed class ChannelMomentsTests
{
    [Fact]
    public void Deviations_are_those_of_the_population()
    {
        using DisposeScope scope = NewDisposeScope();
        using ChannelMoments moments = new();
        moments.Add([tensor([1f, 10f, 3f, 30f]).reshape(2, 2)]);
        using ChannelStatistics statistics = moments.ToStatistics();
        Assert.Equal([2f, 20f], statistics.Means[0].data<float>().ToArray());
        Assert.Equal([1f, 10f], statistics.Deviations[0].data<float>().ToArray());
    }

    [Fact]
    public void Batches_of_any_size_give_the_statistics_of_the_whole()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor samples = Formula.Tensor("test:", "samples", [50, 7], scale: 2, offset: 100);
        using ChannelMoments parts = new(), whole = new();
        whole.Add([samples]);
        foreach (Tensor part in samples.split([3, 30, 17])) parts.Add([part]);
        using ChannelStatistics fromParts = parts.ToStatistics(), fromWhole = whole.ToStatistics();
        Golden.AssertClose(fromWhole.Means[0], fromParts.Means[0], 1e-7);
        Golden.AssertClose(fromWhole.Deviations[0], fromParts.Deviations[0], 1e-7);
    }

    [Fact]
    public void No_sample_is_no_statistics()
    {
        using ChannelMoments moments = new();
        Assert.Throws<InvalidOperationException>(moments.ToStatistics);
    }
}
