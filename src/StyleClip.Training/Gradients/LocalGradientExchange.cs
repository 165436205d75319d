using static TorchSharp.torch;

namespace StyleClip.Training.Gradients;

/// <summary>The exchange of a job that has one member: it computes every micro-shard, and nothing leaves the device.</summary>
public sealed class LocalGradientExchange : IGradientExchange
{
    private LocalGradientExchange()
    {
    }

    /// <summary>The exchange; it holds no state.</summary>
    public static LocalGradientExchange Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<int> Assign(int stepsDone, int microShards) => [.. Enumerable.Range(0, microShards)];

    /// <inheritdoc/>
    public Tensor Sum(int stepsDone, int microShards, IReadOnlyList<MicroShardGradient> own) => MicroShardSum.Add([.. own.Select(gradient => gradient.Values)]);
}
