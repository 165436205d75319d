using StyleClip.Training.Gradients;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Gradients;

/// <summary>Members on threads of one process: member m of n computes the micro-shards m, m + n, ... and hands them over as host memory.</summary>
internal sealed class InMemoryExchange : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Barrier _barrier;
    private readonly int _members;
    private readonly float[]?[] _values;

    public InMemoryExchange(int members, int microShards)
    {
        _barrier = new Barrier(members);
        _members = members;
        _values = new float[]?[microShards];
    }

    public IGradientExchange Member(int member) => new Seat(this, member);

    public void Dispose() => _barrier.Dispose();

    private void Meet()
    {
        if (!_barrier.SignalAndWait(Patience)) throw new TimeoutException("A member did not reach the exchange.");
    }

    private sealed class Seat(InMemoryExchange table, int member) : IGradientExchange
    {
        public bool IsLeader => member == 0;

        public CancellationToken Ended => CancellationToken.None;

        public IReadOnlyList<int> Assign(int stepsDone, int microShards) =>
            [.. Enumerable.Range(0, microShards).Where(shard => shard % table._members == member)];

        public Tensor Sum(int stepsDone, int microShards, IReadOnlyList<MicroShardGradient> own)
        {
            foreach (MicroShardGradient gradient in own)
            {
                float[] values = new float[gradient.Values.numel()];
                gradient.CopyTo(values);
                table._values[gradient.Shard] = values;
            }

            table.Meet();
            float[] total = MicroShardSum.Add([.. table._values.Select(values => values!)]);
            table.Meet();
            return MicroShardGradient.FromSpan(total, own[0].Values.device);
        }
    }
}
