using System.Collections.Immutable;
using System.Numerics;

namespace StyleClip.Cluster.Gradients;

/// <summary>
/// Who computes which micro-shards of a step, who adds which part of the vector, and in which order: the tree of the training's own
/// micro-shard sum, whatever the width. Each member adds up every W-th chunk, so no member carries all of the traffic.
/// </summary>
public sealed class ReductionPlan
{
    /// <summary>Bytes of a chunk: large enough for few calls, small enough that other calls on the connection, such as liveness probes, wait little.</summary>
    public const int ChunkBytes = 256 * 1024;

    /// <param name="microShards">Micro-shards of the global batch, V.</param>
    /// <param name="width">Members, W, 1 to V.</param>
    public ReductionPlan(int microShards, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, microShards);
        (MicroShards, Width) = (microShards, width);
        Runs = [.. Enumerable.Range(0, width).SelectMany(RunsOf)];
        var additions = ImmutableArray.CreateBuilder<(int Into, int From)>();
        Root(BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)microShards)), 0, additions);
        Additions = additions.ToImmutable();
    }

    public int MicroShards { get; }

    public int Width { get; }

    /// <summary>The runs of all members, in the order of their micro-shards.</summary>
    public ImmutableArray<MicroShardRun> Runs { get; }

    /// <summary>What to add into what, by index of <see cref="Runs"/>, in order. The total is then in run 0.</summary>
    public ImmutableArray<(int Into, int From)> Additions { get; }

    /// <summary>The micro-shards of a member: neighbours, as evenly shared as can be.</summary>
    public (int Start, int End) ShardsOf(int member) => (member * MicroShards / Width, (member + 1) * MicroShards / Width);

    /// <summary>The member that adds up a chunk.</summary>
    public int OwnerOf(int chunk) => chunk % Width;

    public static int ChunksOf(int sizeBytes) => (sizeBytes + ChunkBytes - 1) / ChunkBytes;

    private IEnumerable<MicroShardRun> RunsOf(int member)
    {
        (int start, int end) = ShardsOf(member);
        while (start < end)
        {
            int length = 1;
            while (start % (2 * length) == 0 && start + (2 * length) <= end) length *= 2;
            yield return new MicroShardRun(member, start, length);
            start += length;
        }
    }

    // The node of the tree that covers the micro-shards from index * 2^level on: the run that holds its sum, or null beyond the last one.
    private int? Root(int level, int index, ImmutableArray<(int Into, int From)>.Builder additions)
    {
        int start = index << level;
        if (start >= MicroShards) return null;
        int whole = Runs.IndexOf(Runs.FirstOrDefault(run => run.Start == start && run.Length == 1 << level));
        if (whole >= 0) return whole;
        int left = Root(level - 1, 2 * index, additions)!.Value;
        if (Root(level - 1, (2 * index) + 1, additions) is { } right) additions.Add((left, right));
        return left;
    }
}
