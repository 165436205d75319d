using StyleClip.Training.Gradients;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Gradients;

public sealed class MicroShardSumTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Host_memory_and_tensors_give_the_same_bits(int shards)
    {
        using DisposeScope scope = NewDisposeScope();
        float[][] values = Draw(shards, 1003);

        float[] host = MicroShardSum.Add(values);
        Tensor device = MicroShardSum.Add([.. values.Select(row => tensor(row))]);

        Assert.Equal(device.data<float>().ToArray(), host);
    }

    [Fact]
    public void Neighbours_are_added_first()
    {
        // In float32 1e8 + 1 is 1e8: only a tree that pairs 0 with 1 and 2 with 3 gives exactly 2.
        float[] sum = MicroShardSum.Add([[1e8f], [-1e8f], [1], [1]]);

        Assert.Equal([2f], sum);
    }

    [Fact]
    public void An_aligned_run_can_be_added_by_the_member_that_holds_it()
    {
        float[][] values = Draw(8, 17);

        float[] whole = MicroShardSum.Add(values);
        float[] inTwoHalves = MicroShardSum.Add([MicroShardSum.Add(values[..4]), MicroShardSum.Add(values[4..])]);

        Assert.Equal(whole, inTwoHalves);
    }

    [Fact]
    public void The_sum_of_one_is_a_copy()
    {
        using Tensor only = ones(3);

        using (Tensor sum = MicroShardSum.Add([only])) sum.add_(1);

        Assert.Equal([1f, 1f, 1f], only.data<float>().ToArray());
    }

    [Fact]
    public void A_vector_that_went_through_host_memory_is_the_same()
    {
        using DisposeScope scope = NewDisposeScope();
        float[] values = Draw(1, 100)[0], copy = new float[100];

        new MicroShardGradient(0, MicroShardGradient.FromSpan(values, CPU)).CopyTo(copy);

        Assert.Equal(values, copy);
    }

    private static float[][] Draw(int rows, int columns)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => (float)((random.NextDouble() - 0.5) * 1e3)).ToArray())];
    }
}
