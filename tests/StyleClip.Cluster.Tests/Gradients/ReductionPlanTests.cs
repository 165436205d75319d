using StyleClip.Cluster.Gradients;

namespace StyleClip.Cluster.Tests.Gradients;

public sealed class ReductionPlanTests
{
    [Fact]
    public void Every_micro_shard_is_computed_by_one_member_and_the_shares_differ_by_one_at_most()
    {
        foreach ((int shards, int width) in Shapes())
        {
            var plan = new ReductionPlan(shards, width);

            Assert.Equal(Enumerable.Range(0, shards), plan.Runs.SelectMany(run => Enumerable.Range(run.Start, run.Length)));
            int[] shares = [.. Enumerable.Range(0, width).Select(member => plan.ShardsOf(member).End - plan.ShardsOf(member).Start)];
            Assert.InRange(shares.Max() - shares.Min(), 0, 1);
        }
    }

    [Fact]
    public void Whatever_the_width_the_additions_are_those_of_one_tree()
    {
        foreach ((int shards, int width) in Shapes())
        {
            var plan = new ReductionPlan(shards, width);
            string[] sums = [.. plan.Runs.Select(run => Tree([.. Enumerable.Range(run.Start, run.Length).Select(shard => $"{shard}")]))];
            foreach ((int into, int from) in plan.Additions) sums[into] = $"({sums[into]}+{sums[from]})";

            Assert.Equal(Tree([.. Enumerable.Range(0, shards).Select(shard => $"{shard}")]), sums[0]);
        }
    }

    [Fact]
    public void A_job_cannot_be_wider_than_its_micro_shards() => Assert.Throws<ArgumentOutOfRangeException>(() => new ReductionPlan(2, 3));

    private static IEnumerable<(int Shards, int Width)> Shapes() =>
        from shards in Enumerable.Range(1, 17) from width in Enumerable.Range(1, shards) select (shards, width);

    /// <summary>Neighbours first, then neighbouring pairs; the last one of an odd row moves up as it is.</summary>
    private static string Tree(string[] row)
    {
        while (row.Length > 1) row = [.. row.Chunk(2).Select(pair => pair.Length == 2 ? $"({pair[0]}+{pair[1]})" : pair[0])];
        return row[0];
    }
}
