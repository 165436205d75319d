using System.Runtime.InteropServices;
using StyleClip.Cluster.Gradients;
using StyleClip.Training.Gradients;
using static TorchSharp.torch;

namespace StyleClip.Node.Segments;

/// <summary>Brings a device's gradients to the other members of a wide job.</summary>
internal sealed class WideExchange(MemberExchange members) : IGradientExchange
{
    public bool IsLeader => members.IsLeader;

    public CancellationToken Ended => members.Ended;

    public IReadOnlyList<int> Assign(int stepsDone, int microShards) =>
        [.. members.OwnRuns.SelectMany(own => Enumerable.Range(own.Run.Start, own.Run.Length))];

    public Tensor Sum(int stepsDone, int microShards, IReadOnlyList<MicroShardGradient> own)
    {
        ReadOnlySpan<byte> total = members.Sum(stepsDone, (index, buffer) => Fill(index, buffer, own));
        return MicroShardGradient.FromSpan(MemoryMarshal.Cast<byte, float>(total), own[0].Values.device);
    }

    // A run is a node of the summation tree: what is added here is added nowhere else in another order.
    private void Fill(int index, byte[] buffer, IReadOnlyList<MicroShardGradient> own)
    {
        MicroShardRun run = members.OwnRuns.First(entry => entry.Index == index).Run;
        MicroShardGradient[] parts = [.. own.Where(gradient => gradient.Shard >= run.Start && gradient.Shard < run.Start + run.Length)];
        using Tensor sum = MicroShardSum.Add([.. parts.Select(part => part.Values)]);
        new MicroShardGradient(run.Start, sum).CopyTo(MemoryMarshal.Cast<byte, float>(buffer.AsSpan()));
    }
}
