using static TorchSharp.torch;

namespace StyleClip.Training.Gradients;

/// <summary>
/// How the members of a job share a step's micro-shards. Every member calls it at the same steps and gets the same total, so their mappers
/// stay equal. It is called on the device thread and may block it until the other members have delivered.
/// </summary>
public interface IGradientExchange
{
    /// <summary>Whether this member makes the checkpoints and is the one whose steps count. A job has one leader.</summary>
    bool IsLeader { get; }

    /// <summary>Ends when these members no longer work together. A training that uses the exchange then stops as it was before the step at work.</summary>
    CancellationToken Ended { get; }

    /// <summary>The micro-shards that this member computes in a step, rising.</summary>
    /// <param name="stepsDone">Updates done before.</param>
    /// <param name="microShards">Micro-shards of the global batch.</param>
    IReadOnlyList<int> Assign(int stepsDone, int microShards);

    /// <summary>Adds the micro-shards of all members by <see cref="MicroShardSum"/>.</summary>
    /// <param name="stepsDone">Updates done before.</param>
    /// <param name="microShards">Micro-shards of the global batch.</param>
    /// <param name="own">What this member computed, in the order of <see cref="Assign"/>; the caller disposes it.</param>
    /// <returns>The total of all micro-shards, on the device of <paramref name="own"/>; the caller disposes it.</returns>
    /// <exception cref="OperationCanceledException"><see cref="Ended"/> came before the total.</exception>
    Tensor Sum(int stepsDone, int microShards, IReadOnlyList<MicroShardGradient> own);
}
