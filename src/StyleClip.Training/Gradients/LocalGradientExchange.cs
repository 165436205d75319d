using static TorchSharp.torch;

namespace StyleClip.Training.Gradients;

/// <summary>The exchange of a job that has one member: it computes every micro-shard, and nothing leaves the device.</summary>
/// <param name="ended">Ends when the member is no longer the only one.</param>
public sealed class LocalGradientExchange(CancellationToken ended = default) : IGradientExchange
{
    /// <summary>The exchange of a member that stays alone.</summary>
    public static LocalGradientExchange Instance { get; } = new();

    /// <inheritdoc/>
    public bool IsLeader => true;

    /// <inheritdoc/>
    public CancellationToken Ended => ended;

    /// <inheritdoc/>
    public IReadOnlyList<int> Assign(int stepsDone, int microShards) => [.. Enumerable.Range(0, microShards)];

    /// <inheritdoc/>
    public Tensor Sum(int stepsDone, int microShards, IReadOnlyList<MicroShardGradient> own) => MicroShardSum.Add([.. own.Select(gradient => gradient.Values)]);
}
