using StyleClip.Training.Latents;

namespace StyleClip.Training.Tests.Latents;

public sealed class LatentOrderTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(5, 2)]
    [InlineData(64, 8)]
    [InlineData(1000, 7)]
    public void Every_latent_comes_once_a_pass(int count, int batchSize)
    {
        LatentOrder order = new(11, count, batchSize);
        const int Passes = 3;
        List<int> indices = [];
        for (int step = 0; indices.Count < Passes * count; step++)
            indices.AddRange(Enumerable.Range(0, batchSize).Select(slot => order.Index(step, slot)));

        foreach (int[] pass in indices.Take(Passes * count).Chunk(count))
            Assert.Equal(Enumerable.Range(0, count), pass.Order());
    }

    [Fact]
    public void Passes_and_seeds_have_orders_of_their_own()
    {
        int[] first = Pass(seed: 1, pass: 0), second = Pass(seed: 1, pass: 1), other = Pass(seed: 2, pass: 0);

        Assert.NotEqual(first, second);
        Assert.NotEqual(first, other);
        Assert.Equal(first, Pass(seed: 1, pass: 0));
    }

    [Fact]
    public void The_order_is_well_mixed()
    {
        int[] pass = Pass(seed: 1, pass: 0);

        // Of a random permutation one neighbour pair in a hundred is consecutive, give or take.
        int consecutive = pass.Zip(pass.Skip(1)).Count(pair => Math.Abs(pair.First - pair.Second) == 1);
        Assert.InRange(consecutive, 0, 12);
    }

    [Fact]
    public void The_order_is_pinned()
    {
        // Published mappers depend on it: another order is another build.
        Assert.Equal("2 5 9 3 8 6 7 0 1 4", string.Join(' ', new LatentOrder(42, 10, 10).Indices(0, 0, 10)));
    }

    [Fact]
    public void A_slice_of_slots_is_a_slice_of_the_batch()
    {
        LatentOrder order = new(3, 50, 8);

        Assert.Equal(order.Indices(4, 0, 8)[4..], order.Indices(4, 4, 4));
    }

    private static int[] Pass(long seed, int pass) => [.. new LatentOrder(seed, 200, 200).Indices(pass, 0, 200).Select(index => (int)index)];
}
