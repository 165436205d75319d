using static TorchSharp.torch;

namespace StyleClip.Training.Gradients;

/// <summary>
/// How the members of a job share a step's micro-shards. Every member calls it at the same steps and gets the same total, so their mappers
/// stay equal. It is called on the device thread and may block it until the other members have delivered.
/// </summary>
/// <remarks>An exception ends the member's run; what was trained since the last checkpoint is computed again.</remarks>
public interface IGradientExchange
{
    /// <summary>The micro-shards that this member computes in a step, rising.</summary>
    /// <param name="stepsDone">Updates done before.</param>
    /// <param name="microShards">Micro-shards of the global batch.</param>
    IReadOnlyList<int> Assign(int stepsDone, int microShards);

    /// <summary>Adds the micro-shards of all members by <see cref="MicroShardSum"/>.</summary>
    /// <param name="stepsDone">Updates done before.</param>
    /// <param name="microShards">Micro-shards of the global batch.</param>
    /// <param name="own">What this member computed, in the order of <see cref="Assign"/>; the caller disposes it.</param>
    /// <returns>The total of all micro-shards, on the device of <paramref name="own"/>; the caller disposes it.</returns>
    Tensor Sum(int stepsDone, int microShards, IReadOnlyList<MicroShardGradient> own);
}
